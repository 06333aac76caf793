const dayjs = require("dayjs");
dayjs.extend(require("dayjs/plugin/utc"));
dayjs.extend(require("dayjs/plugin/relativeTime"));
dayjs.extend(require("dayjs/plugin/customParseFormat"));
const at = dayjs.utc("2026-05-01T12:00:00Z");
console.log(at.format("YYYY-MM-DD HH:mm:ss Z dddd"), at.add(1, "month").toISOString(), at.from(at.add(3, "day")), at.startOf("week").format());
console.log(dayjs.utc("05/02/69 1:02:03 PM -05:00", "MM/DD/YY H:mm:ss A Z").format(), at.diff(dayjs.utc("2026-04-01"), "day"));
