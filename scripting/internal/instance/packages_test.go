package instance

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"trackhook/engine/nodetest"
)

// TestPackagesForDates runs packages of npm for dates and time zones as plugins do, and in Node.js, and compares what they print.
func TestPackagesForDates(t *testing.T) {
	if testing.Short() {
		t.Skip("it installs packages; leave out -short to run it")
	}
	b := newBench(t, func(c *Settings) { c.Timeout = time.Minute }) // however busy the machine is
	nodetest.Packages(t, b.dir, "luxon@3.7.2", "dayjs@1.11.23", "date-fns@4.4.0", "date-fns-tz@3.2.0")
	for name, source := range map[string]string{
		"luxon": `const { DateTime, Duration, Interval, Info, IANAZone, Settings } = require('luxon');
			for (const zone of ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'utc', 'UTC+3']) {
				for (const iso of ['2024-03-10T01:59:59', '2024-03-10T03:00', '2024-03-31T02:30', '2024-10-27T02:30', '2024-11-03T01:30', '1999-12-31T23:59:59.999']) {
					const d = DateTime.fromISO(iso, { zone });
					console.log(d.toISO(), d.toUTC().toISO(), d.offset, d.isInDST, d.zoneName, d.offsetNameShort, d.offsetNameLong, d.plus({ days: 1, hours: 3 }).toISO(), d.startOf('week').toISODate(), d.weekNumber);
					console.log(d.toLocaleString(DateTime.DATETIME_FULL), d.toLocaleString(DateTime.DATETIME_HUGE_WITH_SECONDS), d.toLocaleString(DateTime.DATE_SHORT), d.toLocaleString(DateTime.TIME_24_WITH_SHORT_OFFSET), d.setLocale('de').toLocaleString(DateTime.DATE_HUGE), d.setLocale('fr').toFormat('cccc d LLLL yyyy'));
					console.log(d.toFormat("EEEE, MMMM d yyyy 'at' h:mm a ZZZZ z"), d.toFormat('ff'), d.toFormat('DDDD TTTT'), d.toRelative({ base: DateTime.fromISO('2024-06-01', { zone }) }), d.toRelativeCalendar({ base: DateTime.fromISO('2024-06-01', { zone }) }));
				}
			}
			console.log(DateTime.fromFormat('May 5, 2024 3:04 PM America/New_York', 'LLLL d, yyyy h:mm a z').toISO(), DateTime.fromFormat('2024-05-05', 'yyyy-LL-dd', { zone: 'Asia/Tokyo' }).toISO());
			console.log(Duration.fromObject({ hours: 3, minutes: 2 }).toHuman(), Duration.fromObject({ days: 1, seconds: 5 }).toHuman({ unitDisplay: 'short' }), Info.months('long').join(), Info.weekdays('short', { locale: 'de' }).join(), Info.meridiems().join(), Info.eras('long').join());
			console.log(IANAZone.isValidZone('Europe/Paris'), IANAZone.isValidZone('Mars/Base'), DateTime.local({ zone: 'Mars/Base' }).invalidReason, Info.features(), Info.hasDST('Europe/London'));`,
		"dayjs": `const dayjs = require('dayjs'), utc = require('dayjs/plugin/utc'), timezone = require('dayjs/plugin/timezone'), advanced = require('dayjs/plugin/advancedFormat'), relative = require('dayjs/plugin/relativeTime'), localized = require('dayjs/plugin/localizedFormat');
			for (const p of [utc, timezone, advanced, relative, localized]) dayjs.extend(p);
			for (const zone of ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Sydney']) {
				for (const iso of ['2024-03-10T06:59:59Z', '2024-03-10T07:00:00Z', '2024-03-31T01:00:00Z', '2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z', '2024-11-03T06:30:00Z']) {
					const d = dayjs.utc(iso).tz(zone);
					console.log(d.format(), d.format('YYYY-MM-DD HH:mm:ss.SSS Z z'), d.format('dddd, MMMM Do YYYY, h:mm A zzz'), d.utcOffset(), d.offsetName('long'), d.startOf('day').toISOString(), d.add(1, 'day').format(), d.tz('UTC', true).format());
				}
				console.log(dayjs.tz('2024-03-31 02:30', zone).toISOString(), dayjs.tz('2024-07-01 12:00', 'YYYY-MM-DD HH:mm', zone).valueOf());
			}
			console.log(dayjs('2024-01-01').from(dayjs('2024-06-01')), dayjs.utc('2024-01-01').format('LLLL'));
			try { dayjs.utc('2024-01-01').tz('Mars/Base') } catch (e) { console.log(e.name, e.message) }`,
		"date-fns-tz": `const { formatInTimeZone, toZonedTime, fromZonedTime, getTimezoneOffset, format } = require('date-fns-tz');
			for (const zone of ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'UTC']) {
				for (const iso of ['2024-03-10T06:59:59Z', '2024-03-10T07:00:00Z', '2024-03-31T01:00:00Z', '2024-10-27T00:30:00Z', '2024-11-03T06:30:00Z']) {
					const d = new Date(iso);
					console.log(formatInTimeZone(d, zone, "yyyy-MM-dd HH:mm:ssXXX zzz"), formatInTimeZone(d, zone, 'PPPPpppp'), formatInTimeZone(d, zone, 'OOOO zzzz'), toZonedTime(d, zone).toISOString(), fromZonedTime('2024-03-31 02:30', zone).toISOString(), getTimezoneOffset(zone, d));
				}
			}
			console.log(format(new Date('2024-01-01T00:00:00Z'), 'yyyy', { timeZone: 'Asia/Tokyo' }), String(getTimezoneOffset('Mars/Base')));`,
	} {
		t.Run(name, func(t *testing.T) {
			// Node.js has the packages where the plugins have them.
			program := filepath.Join(b.dir, name+"-node.cjs")
			if err := os.WriteFile(program, []byte(source), 0o600); err != nil {
				t.Fatal(err)
			}
			want := nodetest.Run(t, "require("+"'"+filepath.ToSlash(program)+"')")
			if err := os.Remove(program); err != nil {
				t.Fatal(err)
			}
			i, _, err := Start(t.Context(), b.plugin(name, b.write(name+".js", source)))
			if err != nil {
				t.Fatal(err)
			}
			<-i.Retire()
			got := messages(b.log.take(), "info")
			if len(got) != len(want) {
				t.Errorf("%d and %d lines", len(got), len(want))
			}
			for n := range min(len(got), len(want)) {
				if got[n] != want[n] {
					t.Errorf("line %d\n got %s\nwant %s", n, got[n], want[n])
				}
			}
		})
	}
}
