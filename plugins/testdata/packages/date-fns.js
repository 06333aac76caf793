const { format, addDays, differenceInHours, formatDistance, parseISO, startOfWeek, isValid, parse } = require("date-fns");
const { de } = require("date-fns/locale");
const at = new Date(2026, 4, 1, 12, 30);
console.log(format(at, "yyyy-MM-dd HH:mm EEEE do"), format(addDays(at, 3), "PPPP", { locale: de }));
console.log(differenceInHours(parseISO("2026-05-02"), at), formatDistance(at, addDays(at, 40)), format(startOfWeek(at), "P"), isValid(new Date("x")));
console.log(format(parse("02/11/2014", "MM/dd/yyyy", new Date()), "yyyy-MM-dd"));
