package web

import (
	"math"
	"time"
)

// parseDate is Date.parse (ECMAScript, 21.4.3.2), with what V8 makes of texts of other forms: words and numbers in almost any order.
// NaN: it is no date.
func parseDate(text string) float64 {
	p := &dateParser{scanner: dateScanner{text: []rune(text)}, month: noDatePart, hours: noDatePart, sign: noDatePart, zoneHour: noDatePart, zoneMinute: noDatePart}
	p.scanner.next()
	if !p.parse() {
		return math.NaN()
	}
	return p.result()
}

// noDatePart is a part that was not given.
const noDatePart = math.MaxInt32

// dateParser is what was read of a date.
type dateParser struct {
	scanner dateScanner
	// day are up to three numbers, and month the one that had a name.
	day   []int
	month int
	iso   bool
	// clock are hour, minute, second and millisecond; hours are what AM or PM adds.
	clock []int
	hours int
	// sign is that of the offset.
	sign, zoneHour, zoneMinute int
}

func between(n, least, most int) bool { return least <= n && n <= most }

// parse reads the form of the standard, and where that ends early the rest, or all of it, as a person writes dates.
func (p *dateParser) parse() bool {
	token, valid := p.parseISO()
	if !valid {
		return false
	}
	numbered := len(p.day) > 0
	for ; token.kind != dateEnd; token = p.scanner.take() {
		switch {
		case token.kind == dateNumber:
			numbered = true
			if !p.number(token.n) {
				return false
			}
		case token.kind == dateWord:
			if !p.word(token, numbered) {
				return false
			}
		case token.isSign() && (p.isUTC() || len(p.clock) > 0):
			numbered = true
			if !p.offset(token) {
				return false
			}
		case (token.isSign() || token.is(')')) && numbered:
			return false
		}
	}
	return true
}

// number takes one: a part of the time, of the offset, or of the day.
func (p *dateParser) number(n int) bool {
	s := &p.scanner
	switch {
	case s.skip(':'):
		if s.skip(':') {
			if len(p.clock) > 0 {
				return false
			}
			p.clock = append(p.clock, n, 0)
			return true
		}
		if len(p.clock) == 4 {
			return false
		}
		p.clock = append(p.clock, n)
		s.skip('.')
	case s.skip('.') && p.expects(n):
		p.clock = append(p.clock, n)
		if s.ahead.kind != dateNumber {
			return false
		}
		p.finish(s.take().milliseconds())
	case p.zoneHour != noDatePart && p.zoneMinute == noDatePart && between(n, 0, 59):
		p.zoneMinute = n
	case p.expects(n):
		p.finish(n)
		peek := s.ahead
		return peek.kind == dateEnd || peek.kind == dateBlank || peek.isZ() || peek.isSign()
	default:
		if len(p.day) == 3 {
			return false
		}
		p.day = append(p.day, n)
		s.skip('-')
	}
	return true
}

// expects tells whether a number may be the next part of the time.
func (p *dateParser) expects(n int) bool {
	switch len(p.clock) {
	case 1, 2:
		return between(n, 0, 59)
	case 3:
		return between(n, 0, 999)
	default:
		return false
	}
}

// finish takes the last part of the time.
func (p *dateParser) finish(n int) {
	for p.clock = append(p.clock, n); len(p.clock) < 4; {
		p.clock = append(p.clock, 0)
	}
}

func (p *dateParser) word(token dateToken, numbered bool) bool {
	switch {
	case token.word == dateHalf && len(p.clock) > 0:
		p.hours = token.n
	case token.word == dateMonth:
		p.month = token.n
		p.scanner.skip('-')
	case token.word == dateZone && numbered:
		p.zone(token.n)
	default:
		// Other words stand before the first number, and not right before it.
		return !numbered && p.scanner.ahead.kind != dateNumber
	}
	return true
}

func (p *dateParser) zone(hours int) {
	p.sign, p.zoneHour, p.zoneMinute = 1, hours, 0
	if hours < 0 {
		p.sign, p.zoneHour = -1, -hours
	}
}

func (p *dateParser) isUTC() bool { return p.zoneHour == 0 && p.zoneMinute == 0 }

// offset is a sign behind a time or behind UTC, with a number that may be missing.
func (p *dateParser) offset(sign dateToken) bool {
	p.sign = sign.sign()
	n, length := 0, 0
	if p.scanner.ahead.kind == dateNumber {
		token := p.scanner.take()
		n, length = token.n, token.length
	}
	switch {
	case p.scanner.ahead.is(':'):
		p.zoneHour, p.zoneMinute = n, noDatePart
	case length == 1 || length == 2:
		p.zoneHour, p.zoneMinute = n, 0
	case length == 3 || length == 4:
		p.zoneHour, p.zoneMinute = n/100, n%100
	default:
		return false
	}
	return true
}

// parseISO reads the form of the standard. It returns the token at which the text leaves that form, dateEnd where it does not.
func (p *dateParser) parseISO() (rest dateToken, valid bool) {
	s := &p.scanner
	switch {
	case s.ahead.isSign():
		sign := s.take()
		if !s.ahead.digits(6) {
			return sign, true
		}
		year := s.take().n
		if sign.sign() < 0 && year == 0 {
			return sign, true
		}
		p.day = append(p.day, sign.sign()*year)
	case s.ahead.digits(4):
		p.day = append(p.day, s.take().n)
	default:
		return s.take(), true
	}
	for _, most := range []int{12, 31} {
		if !s.skip('-') {
			break
		}
		if !s.ahead.digits(2) || !between(s.ahead.n, 1, most) {
			return s.take(), true
		}
		p.day = append(p.day, s.take().n)
	}
	if s.ahead.kind != dateWord || s.ahead.word != dateSeparator {
		if s.ahead.kind != dateEnd {
			return s.take(), true
		}
	} else if s.take(); !p.parseISOTime() || s.ahead.kind != dateEnd {
		return dateToken{}, false
	}
	if p.sign == noDatePart && len(p.clock) == 0 {
		p.zone(0)
	}
	p.iso = true
	return dateToken{kind: dateEnd}, true
}

func (p *dateParser) parseISOTime() bool {
	s := &p.scanner
	take := func(most int) bool {
		if !s.ahead.digits(2) || s.ahead.n > most {
			return false
		}
		p.clock = append(p.clock, s.take().n)
		return true
	}
	if !take(24) {
		return false
	}
	most, thousandths := 59, math.MaxInt
	if p.clock[0] == 24 {
		most, thousandths = 0, 0
	}
	if !s.skip(':') || !take(most) {
		return false
	}
	if s.skip(':') {
		if !take(most) {
			return false
		}
		if s.skip('.') {
			if s.ahead.kind != dateNumber || s.ahead.n > thousandths {
				return false
			}
			p.clock = append(p.clock, s.take().milliseconds())
		}
	}
	switch {
	case s.ahead.isZ():
		s.take()
		p.zone(0)
	case s.ahead.isSign():
		p.sign = s.take().sign()
		if s.ahead.digits(4) {
			n := s.take().n
			p.zoneHour, p.zoneMinute = n/100, n%100
		} else {
			if !s.ahead.digits(2) {
				return false
			}
			p.zoneHour = s.take().n
			if !s.skip(':') || !s.ahead.digits(2) {
				return false
			}
			p.zoneMinute = s.take().n
		}
		return p.zoneHour <= 23 && p.zoneMinute <= 59
	}
	return true
}

// result is the time that the parts mean.
func (p *dateParser) result() float64 {
	year, month, day, ok := p.yearMonthDay()
	if !ok {
		return math.NaN()
	}
	clock := [4]int{}
	copy(clock[:], p.clock)
	if p.hours != noDatePart {
		if clock[0] > 12 {
			return math.NaN()
		}
		clock[0] = clock[0]%12 + p.hours
	}
	if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59 || clock[3] > 999) && clock != [4]int{24} {
		return math.NaN()
	}
	if !between(year, -400_000, 400_000) {
		return math.NaN()
	}
	at := time.Date(year, time.Month(month), day, clock[0], clock[1], clock[2], 0, time.UTC).UnixMilli() + int64(clock[3])
	if p.sign == noDatePart {
		at = fromLocal(at)
	} else {
		hour, minute := p.zoneHour, p.zoneMinute
		if hour == noDatePart {
			hour = 0
		}
		if minute == noDatePart {
			minute = 0
		}
		at -= int64(p.sign) * int64(hour*60+minute) * 60_000
	}
	if at < -8.64e15 || at > 8.64e15 {
		return math.NaN()
	}
	return float64(at)
}

// yearMonthDay says which of the numbers is which.
func (p *dateParser) yearMonthDay() (year, month, day int, ok bool) {
	if len(p.day) == 0 {
		return 0, 0, 0, false
	}
	numbers := [3]int{1, 1, 1} // so that a year that is missing is 2001
	copy(numbers[:], p.day)
	isDay := func(n int) bool { return between(n, 1, 31) }
	switch {
	case p.month == noDatePart && (p.iso || !isDay(numbers[0])):
		year, month, day = numbers[0], numbers[1], numbers[2]
	case p.month == noDatePart:
		month, day, year = numbers[0], numbers[1], numbers[2]
	case !isDay(numbers[0]):
		year, month, day = numbers[0], p.month, numbers[1]
	default:
		day, month, year = numbers[0], p.month, numbers[1]
	}
	if !p.iso {
		switch {
		case between(year, 0, 49):
			year += 2000
		case between(year, 50, 99):
			year += 1900
		}
	}
	return year, month, day, between(month, 1, 12) && isDay(day)
}

// fromLocal is the time at which the clocks of this machine show another. Where they show it twice it is the first, and where they
// skip it, what it would be if they did not (ECMAScript, 21.4.1.26).
func fromLocal(at int64) int64 {
	offset := func(at int64) int64 {
		_, seconds := time.UnixMilli(at).Local().Zone()
		return int64(seconds) * 1000
	}
	const day = 24 * 60 * 60 * 1000
	before, after := offset(at-day), offset(at+day)
	if offset(at-before) != before && offset(at-after) == after {
		return at - after
	}
	return at - before
}

// firstOfTwo returns the first time that has the local time of another: the hour in which clocks are set back is there twice.
func firstOfTwo(at int64) int64 {
	_, seconds := time.UnixMilli(at).Local().Zone()
	return fromLocal(at + int64(seconds)*1000)
}
