package bundle

import (
	"strings"
)

// countFromOne moves all columns of a source map's mappings by one: source maps count them from 0, but goja looks them
// up by, and hands out, columns that count from 1. Within a line only the first generated column is absolute, and of
// the author's columns only the very first.
func countFromOne(mappings string) string {
	var out strings.Builder
	out.Grow(len(mappings) + len(mappings)/16)
	first := true
	for line := range strings.SplitAfterSeq(mappings, ";") {
		body := strings.TrimSuffix(line, ";")
		segment, rest, _ := strings.Cut(body, ",")
		fields := splitVLQ(segment)
		if len(fields) == 0 {
			out.WriteString(line)
			continue
		}
		fields[0] = addVLQ(fields[0])
		if first && len(fields) > 3 {
			fields[3] = addVLQ(fields[3])
			first = false
		}
		out.WriteString(strings.Join(fields, ""))
		if len(body) > len(segment) {
			out.WriteByte(',')
			if first { // a line whose first segment has no source
				rest, first = shiftFirst(rest)
			}
			out.WriteString(rest)
		}
		out.WriteString(line[len(body):])
	}
	return out.String()
}

// shiftFirst moves the author's column of the first segment that has one.
func shiftFirst(segments string) (shifted string, first bool) {
	list := strings.Split(segments, ",")
	for i, segment := range list {
		if fields := splitVLQ(segment); len(fields) > 3 {
			fields[3] = addVLQ(fields[3])
			list[i] = strings.Join(fields, "")
			return strings.Join(list, ","), false
		}
	}
	return segments, true
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// splitVLQ splits a segment into its numbers, still encoded. A number ends with a digit below 32.
func splitVLQ(segment string) []string {
	var out []string
	start := 0
	for i := range len(segment) {
		if strings.IndexByte(base64Digits, segment[i])&32 == 0 {
			out = append(out, segment[start:i+1])
			start = i + 1
		}
	}
	return out
}

// addVLQ adds one to an encoded number.
func addVLQ(digits string) string {
	value, shift := 0, 0
	for i := range min(len(digits), 7) { // as many as 32 bits have
		value |= (strings.IndexByte(base64Digits, digits[i]) & 31) << shift
		shift += 5
	}
	n := value >> 1
	if value&1 == 1 {
		n = -n
	}
	n++
	if value = n << 1; n < 0 {
		value = -n<<1 | 1
	}
	var out []byte
	for {
		digit := value & 31
		if value >>= 5; value > 0 {
			digit |= 32
		}
		out = append(out, base64Digits[digit])
		if value == 0 {
			return string(out)
		}
	}
}
