const moment = require("moment");
const at = moment.utc("2026-05-01T12:00:00Z");
console.log(at.format("dddd, MMMM Do YYYY, h:mm:ss a"), at.clone().add(7, "days").calendar(at), at.from(moment.utc("2026-05-03")), moment.duration(3661, "seconds").humanize());
console.log(moment("12-25-1995", "MM-DD-YYYY", true).isValid(), at.isBefore("2027-01-01"), at.toISOString(), moment.utc(0).locale("en").format("LLLL"));
