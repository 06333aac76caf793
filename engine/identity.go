package engine

import (
	"strings"
	"sync"
)

// DeviceIDs lists the S2S parameters that identify a device, in the order in which the device key is chosen: the
// advertising identifiers that Adjust prefers, then its backups, then the identifiers of platforms without either.
func DeviceIDs() []string {
	return []string{
		"idfa", "gps_adid", "fire_adid", "oaid", "web_uuid", "vida", "rida", "tifa", "lgudid",
		"idfv", "android_id", "google_app_set_id", "persistent_ios_uuid", "android_uuid",
		"android_id_lower_md5", "android_id_lower_sha1", "android_id_upper_md5", "android_id_upper_sha1",
		"imei", "imei_lower_md5", "meid", "win_adid", "win_naid", "win_hwid", "win_udid", "mac_sha1", "mac_md5",
		"external_device_id", "primary_dedupe_token", "adid",
	}
}

// DeviceKey returns the device that params name, KIND=ID: the first identifier of [DeviceIDs] that is there and no
// [Placeholder]. "" for none.
func DeviceKey(params map[string]string) string {
	// There are fewer parameters than names of identifiers, as a rule.
	ranks := deviceRanks()
	first, key, value := len(ranks), "", ""
	for name, id := range params {
		if rank, ok := ranks[name]; ok && rank < first && id != "" && !Placeholder(id) {
			first, key, value = rank, name, id
		}
	}
	if key == "" {
		return ""
	}
	return key + "=" + value
}

// deviceRanks tells where a name stands in [DeviceIDs].
var deviceRanks = sync.OnceValue(func() map[string]int { //nolint:gochecknoglobals // a constant: maps have none
	ranks := map[string]int{}
	for rank, name := range DeviceIDs() {
		ranks[name] = rank
	}
	return ranks
})

// Placeholder tells whether id stands in the place of a device identifier and identifies nothing, because countless
// devices have the same: zeros, as iOS and Android tell when the user has switched tracking off; words for nothing, as
// careless code makes them; a macro that nobody has filled in; the id that many Android emulators and one series of
// phones share; the hash of an empty text.
func Placeholder(id string) bool {
	id = strings.TrimSpace(id)
	if id == "" {
		return true
	}
	switch last := id[len(id)-1]; id[0] {
	case '0', 'f', 'F', '-', ':':
		return blank(id)
	case 'n', 'N', 'u', 'U', '(':
		return word(id)
	case '9':
		return strings.EqualFold(id, "9774d56d682e549c")
	case 'd', 'D':
		return strings.EqualFold(id, "d41d8cd98f00b204e9800998ecf8427e") || strings.EqualFold(id, "da39a3ee5e6b4b0d3255bfef95601890afd80709")
	case '{', '$', '%':
		return last == '}' || last == '%'
	case '[':
		return last == ']'
	case '<':
		return last == '>'
	case '_':
		return len(id) > 4 && strings.HasPrefix(id, "__") && strings.HasSuffix(id, "__")
	default:
		return false
	}
}

// blank tells whether id has no digit but 0, or, at the length of a whole identifier, none but f.
func blank(id string) bool {
	digit := byte(0)
	for _, c := range []byte(id) {
		if c |= 0x20; c == '-'|0x20 || c == ':'|0x20 { // letters differ from capitals in this bit, which the others have
			continue
		}
		if digit == 0 {
			digit = c
		}
		if c != digit {
			return false
		}
	}
	return digit == 0 || digit == '0' || digit == 'f' && len(id) >= 12
}

// word tells whether id is a word for nothing.
func word(id string) bool {
	switch strings.ToLower(strings.Trim(id, "()")) {
	case "null", "nil", "undefined", "unknown", "none", "nan", "n/a", "not set", "":
		return true
	default:
		return false
	}
}
