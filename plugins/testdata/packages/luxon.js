const { DateTime, Duration, Interval } = require("luxon");
const at = DateTime.fromISO("2026-05-01T12:00:00Z", { zone: "utc" });
console.log(at.toISO(), at.plus({ months: 1 }).toISODate(), at.toFormat("yyyy LLL dd HH:mm"), Duration.fromObject({ hours: 30 }).shiftTo("days", "hours").toObject());
console.log(at.diff(DateTime.fromISO("2026-04-01T00:00:00Z"), "days").days, Interval.fromDateTimes(at, at.plus({ days: 2 })).count("days"), at.weekNumber, at.toMillis());
