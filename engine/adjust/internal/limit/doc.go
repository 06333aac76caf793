// Package limit finds out how many attempts at once a server takes, from what comes of them: how long answers take, and
// whether the server asks for less or does not answer. It knows no clock but the times that it is given.
//
// # How
//
// The number begins small and doubles with each round of answers, until something speaks against it; then it shrinks to
// what was good, comes back fast to nearly there, and grows slowly from there, and after some time faster and faster,
// because limits of servers move. At first it doubles no more often than each 50 ms, up to 1,024, and goes on by a half a
// round. As long as it makes for fewer than 1,000 attempts a second, because answers take long, it becomes four times as
// large with a round: what a wall sees is how many come in a second.
//
//   - Refusals, timeouts and broken connections speak against it when their share is larger than may be chance. A sum tells
//     that: each raises it by one, each attempt lowers it by a fiftieth, and the number shrinks, by that share, when the sum
//     has reached a bound. So one in a hundred shrinks nothing.
//   - Slow answers do when the middle one of a round takes more than twice what the fastest rounds of the last minutes
//     took, and 25 milliseconds more. The middle one does not know of one slow answer in a hundred, and the buffer is
//     there because a fast network varies less than a busy machine. The least time is never measured with a pause: a number
//     that has shrunk shows it by itself.
//   - When the number has shrunk to a part and nothing has become better, it was not the cause: a server that refuses
//     one in twenty by chance, or one that has moved to another continent. It is taken back, and what was seen is usual. That
//     takes a second at least, because servers that have been idle let some more through at first, and only attempts at about the
//     same limit are compared: those of the time in which it doubled would make every wall look like chance.
//   - While it is not used it does not change: what was in flight says nothing about more than that.
//   - After an outage it begins with one attempt, goes a step ahead for an answer and one back for a fault.
//
// # Compared
//
// On the same traces of a simulated server: latency with jitter and one answer in a hundred two to six times as late; a wall of 2,000
// taken a second, with a bucket of 100 or counted by the second, with 429 above it, also one that moves to 500 and to
// 3,000; a queue that serves 1,000 a second; refusals by chance; an outage. A client begins at most 12,500 attempts a
// second, and 2,048 are the ceiling. The share of the best fixed number or of what the server takes that was taken, from the
// start on, and after a slash the refusals of a thousand attempts where there were any:
//
//	                                this package  failsafe-go   Vegas         Gradient2     AIMD
//	0 ms                            1.00          1.00          1.00          1.00          1.00
//	20 ms                           1.00          0.29          0.70          1.00          0.90
//	150 ms                          0.98          0.04          0.09          0.46          0.07
//	500 ms                          0.95          0.03          0.07          0.47          0.02
//	wall, 20 ms                     1.00 / 8      1.00 / 456    1.00 / 355    1.00 / 277    0.86 / 9
//	wall, 150 ms                    0.98 / 15     0.25          0.42 / 82     0.42 / 184    0.55
//	wall, 400 ms                    0.95 / 10     0.09          0.16 / 70     0.31 / 102    0.09
//	wall by second, 150 ms          0.94 / 65     0.25          0.53          0.79 / 297    0.55
//	moving wall, 150 ms             0.95 / 14     0.35 / 61     0.40 / 114    0.43 / 189    0.44 / 2
//	1% takes 5 s, 20 ms             1.00          0.08          0.13          0.48          0.49
//	queue of 1,000/s, 50 ms         1.00          1.00          0.63          1.00          0.99
//	1% refused, 150 ms              0.99 / 10     0.04 / 11     0.08 / 10     0.23 / 10     0.02 / 11
//	5% refused, 150 ms              0.91 / 50     0.04 / 49     0.08 / 49     0.07 / 49     0.01 / 50
//	from 20 to 150 ms               0.97          0.12          0.29          0.65          0.54
//	outage of a minute, wall, 20 ms 1.00 / 7      1.00 / 454    1.00 / 353    1.00 / 277    0.86 / 9
//
// At the queue, answers took 159.9ms, 77.3ms, 55.9ms, 1.9s and 187.6ms, in this order: a number that is too large costs
// nobody but those who wait. failsafe-go's adaptivelimiter is made for a server's own protection: it looks once a second,
// moves by a few at a time, and knows no refusals, nor do Vegas and Gradient2 (of Netflix's concurrency-limits, with their
// defaults, and a cut by a tenth for a refusal with Gradient2), which take jitter and a heavy tail for a queue. AIMD, of the same
// library, is right at last, and takes minutes where answers take long.
//
// The others were compared with the settings that they come with, while the numbers in this package were chosen on these very
// traces: with as much care for theirs, they would do better than the table says, and this one is likely to do worse on
// traces that nobody has thought of.
//
// With 1,024 as the ceiling, the wall at 400 ms was 0.95 / 8, and the one by the second 0.96 / 44: what doubles over a distance
// has gone further when the first refusal comes back. At 500 ms without a wall, 2,048 take twice as much as 1,024 could.
//
// Doubling alone, and by a quarter a round from 1,024 on, was at full speed after 1.25 s at 150 ms, which is 1 s, and after 4 s
// at 500 ms, which is 2.5 s. A single run at a wall says little, because all depends on where the limit is when the first
// refusal comes: beginning with 24, 26 .. 40, the means were, before and now, 0.98 / 14.0 and 0.98 / 11.7 at 150 ms,
// 0.92 / 10.6 and 0.93 / 7.7 at 400 ms, and 0.87 / 84 and 0.91 / 75 by the second. Eight times as many with a round was full after
// 0.75 s, and 0.90 / 4.5 at 400 ms.
//
// TRACKHOOK_RIVALS=1 go test -run TestRivals -v repeats this.
//
// # Files
//
//	limit.go  Limiter, which decides
package limit
