const { CronExpressionParser } = require("cron-parser");
const interval = CronExpressionParser.parse("*/15 8-9 * * 1-5", { currentDate: new Date("2026-05-01T08:50:00Z"), tz: "UTC" });
console.log(interval.next().toISOString(), interval.next().toISOString(), interval.next().toISOString());
