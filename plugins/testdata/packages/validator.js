const validator = require("validator");
console.log(validator.isEmail("a@b.co"), validator.isURL("https://x.y/z"), validator.isUUID("x"), validator.escape("<a>"), validator.isMobilePhone("+491701234567", "de-DE"), validator.isISO8601("2026-05-01"), validator.isFQDN("example.com"), validator.isIBAN("DE89370400440532013000"));
