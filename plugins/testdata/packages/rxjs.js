// in any order
const { of, from, interval, Subject, firstValueFrom, throwError } = require("rxjs");
const { map, filter, take, toArray, mergeMap, catchError, debounceTime } = require("rxjs/operators");
of(1, 2, 3).pipe(filter((n) => n > 1), map((n) => n * 10)).subscribe((n) => console.log(n), null, () => console.log("complete"));
(async () => {
  console.log(await firstValueFrom(interval(1).pipe(take(3), toArray())));
  const s = new Subject();
  s.pipe(mergeMap((n) => from(Promise.resolve(n + 1)))).subscribe((n) => console.log("s", n));
  s.next(1);
  throwError(() => new Error("x")).pipe(catchError((e) => of(e.message))).subscribe(console.log);
})();
