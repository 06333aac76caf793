package intl

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the binary must know time zones where the system does not
)

// location returns a time zone by its name; nil: there is none.
func (d *Data) location(name string) *time.Location {
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.locations[name]; ok {
		return known
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		location = nil
	}
	d.locations[name] = location
	return location
}

// zone returns the name that a time zone goes by, or "": there is none. Offsets such as +05:30 are zones too.
func (d *Data) zone(name string) string {
	if known := d.file().Zones.Canonical[strings.ToLower(name)]; known != "" {
		return known
	}
	if _, ok := fixed(name); ok {
		digits := strings.ReplaceAll(name[1:], ":", "")
		digits = (digits + "00")[:4]
		if digits == "0000" {
			return "+00:00"
		}
		return name[:1] + digits[:2] + ":" + digits[2:]
	}
	return ""
}

// fixed reads an offset that is the name of a time zone: +05, +0530 or +05:30.
func fixed(name string) (seconds int, ok bool) {
	if name == "" || name[0] != '+' && name[0] != '-' {
		return 0, false
	}
	digits := name[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 2 && len(digits) != 4 {
		return 0, false
	}
	if len(digits) == 2 {
		n *= 100
	}
	if n/100 > 23 || n%100 > 59 {
		return 0, false
	}
	seconds = n/100*3600 + n%100*60
	if name[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// offset is how far the clocks of a zone are ahead of UTC at a time, in milliseconds. In zones that kept the sun's time it is that
// of the first rule.
func (d *Data) offset(zone string, at int64) int64 {
	if seconds, ok := fixed(zone); ok {
		return int64(seconds) * 1000
	}
	location := d.location(zone)
	if location == nil {
		return 0
	}
	_, seconds := time.UnixMilli(at).In(location).Zone()
	return int64(seconds) * 1000
}

// zoneName is what English calls a zone at a time when its clocks have an offset; "": it has no name.
func (d *Data) zoneName(zone string, at int64, style, offset string) string {
	zones := &d.file().Zones
	var now *period
	for i, one := range zones.Names[zone] {
		if i == 0 || one.from*60000 <= at {
			now = &zones.Names[zone][i]
		}
	}
	if now == nil {
		return ""
	}
	switch style {
	case "longGeneric":
		return zones.Texts[now.generic[0]]
	case "shortGeneric":
		return zones.Texts[now.generic[1]]
	}
	long, short, ok := strings.Cut(now.names[offset], ",")
	if !ok {
		// Clocks that still went by the sun.
		for _, offset := range slices.Sorted(maps.Keys(now.names)) {
			other, _, _ := strings.Cut(now.names[offset], ",")
			if index, err := strconv.Atoi(other); err == nil && style == "long" && strings.HasSuffix(zones.Texts[index], "Standard Time") {
				return zones.Texts[index]
			}
		}
		return ""
	}
	if style == "short" {
		long = short
	}
	index, err := strconv.Atoi(long)
	if err != nil {
		return ""
	}
	return zones.Texts[index]
}

// LocalZoneName is what English calls the time zone of this machine at a time.
func (d *Data) LocalZoneName(t time.Time) string {
	name, seconds := t.Local().Zone()
	if name == "UTC" && seconds == 0 {
		return "Coordinated Universal Time"
	}
	offset := t.Format("GMT-07:00")
	if seconds == 0 {
		offset = "GMT"
	}
	if long := d.zoneName(d.local(), t.UnixMilli(), "long", offset); long != "" {
		return long
	}
	return offset
}

// localZone is the time zone of this machine. Ask local, which looks once, as Go does.
func (d *Data) localZone() string {
	if name, set := os.LookupEnv("TZ"); set {
		if known := d.zone(strings.TrimPrefix(name, ":")); known != "" {
			return known
		}
		return "UTC"
	}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(target), "zoneinfo/"); ok {
			if known := d.zone(name); known != "" {
				return known
			}
		}
	}
	return "UTC"
}
