package jsontext

// MaxDepth bounds how deep objects and arrays may nest in an answer; a deeper text counts as no JSON. Answers of
// Adjust nest three deep. Each level that a script descends skips over the text of the levels below, so that this
// also bounds what a hostile body of 1 MB can cost.
const MaxDepth = 1_000

// Object returns the JSON object that is the whole of body, without the blanks around it, and whether there
// is one. A body that is not UTF-8 is read as browsers do: each broken byte is U+FFFD.
//
// The text is checked here once; everything else in this package that reads JSON relies on it and checks nothing.
// The copy from bytes to a string is one allocation, and saves one for each key and value later.
func Object(body []byte) (string, bool) { return object(string(body), nil) }

// object notes on a tape where the members are.
func object(body string, t *Tape) (string, bool) {
	start, end := 0, len(body)
	for start < end && isJSONBlank(body[start]) {
		start++
	}
	for end > start && isJSONBlank(body[end-1]) {
		end--
	}
	t.start(body)
	if end-start < 2 || body[start] != '{' || body[end-1] != '}' {
		return "", false
	}
	text := body[start:end]
	end, plain := checkJSONObject(text, 0, 1, t)
	if !plain { // what is plain is ASCII
		if valid := ValidText(text); len(valid) != len(text) { // an U+FFFD is longer than what it stands for
			t.start(valid)
			text = valid
			end, _ = checkJSONObject(text, 0, 1, t)
		}
	}
	return text, end == len(text)
}

func isJSONBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// skipJSONBlanks is small enough to be inlined: in answers there are no blanks.
func skipJSONBlanks(s string, i int) int {
	if i < len(s) && s[i] > ' ' {
		return i
	}
	return skipManyJSONBlanks(s, i)
}

func skipManyJSONBlanks(s string, i int) int {
	for i < len(s) && isJSONBlank(s[i]) {
		i++
	}
	return i
}

// checkJSONValue returns the end of the value that starts at s[i], or -1 where there is none, and whether it is plain, as
// [Items.Plain] has it. The functions below work alike.
func checkJSONValue(s string, i, depth int, t *Tape) (end int, plain bool) {
	if i >= len(s) {
		return -1, false
	}
	switch c := s[i]; {
	case c == '"':
		if end = plainTextEnd(s, i+1); end < len(s) && s[end] == '"' {
			return end + 1, true
		}
		return checkJSONString(s, end), false
	case c == '{':
		return checkJSONObject(s, i, depth+1, t)
	case c == '[':
		return checkJSONArray(s, i, depth+1), false
	case c == '-' || c >= '0' && c <= '9':
		return checkJSONNumber(s, i)
	case c == 't':
		return checkJSONWord(s, i, "true"), true
	case c == 'f':
		return checkJSONWord(s, i, "false"), true
	case c == 'n':
		return checkJSONWord(s, i, "null"), true
	default:
		return -1, false
	}
}

func checkJSONObject(s string, i, depth int, t *Tape) (end int, plain bool) {
	if depth > MaxDepth {
		return -1, false
	}
	i = skipJSONBlanks(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1, true
	}
	first := t.next()
	for plain = true; ; {
		item, value := t.expected(s, i)
		if value < 0 {
			if item, value = checkJSONKey(s, i, t); value < 0 {
				return -1, false
			}
		}
		value = skipJSONBlanks(s, value)
		var one bool
		if i, one = checkJSONValue(s, value, depth, t); i < 0 {
			return -1, false
		}
		plain = t.end(item, value, i, one) && plain
		if i = skipJSONBlanks(s, i); i >= len(s) {
			return -1, false
		}
		switch s[i] {
		case ',':
			i = skipJSONBlanks(s, i+1)
		case '}':
			t.close(first, plain)
			return i + 1, plain
		default:
			return -1, false
		}
	}
}

// checkJSONKey returns the item of a member, and the place after the colon behind its key, or -1 where there is none.
func checkJSONKey(s string, i int, t *Tape) (item, value int) {
	if i >= len(s) || s[i] != '"' {
		return -1, -1
	}
	end := plainJSONEnd(s, i+1)
	escaped := end == len(s) || s[end] != '"'
	if end++; escaped {
		if end = checkJSONString(s, i+1); end < 0 {
			return -1, -1
		}
	}
	if value = skipJSONBlanks(s, end); value >= len(s) || s[value] != ':' {
		return -1, -1
	}
	return t.begin(s, i, end, escaped), value + 1
}

func checkJSONArray(s string, i, depth int) int {
	if depth > MaxDepth {
		return -1
	}
	i = skipJSONBlanks(s, i+1)
	if i < len(s) && s[i] == ']' {
		return i + 1
	}
	for {
		if i, _ = checkJSONValue(s, i, depth, nil); i < 0 { // elements of arrays are all made at once
			return -1
		}
		if i = skipJSONBlanks(s, i); i >= len(s) {
			return -1
		}
		switch s[i] {
		case ',':
			i = skipJSONBlanks(s, i+1)
		case ']':
			return i + 1
		default:
			return -1
		}
	}
}

// checkJSONString starts within the string, at no escape.
func checkJSONString(s string, i int) int {
	for ; ; i++ {
		if i = plainJSONEnd(s, i); i == len(s) {
			return -1
		}
		switch s[i] {
		case '"':
			return i + 1
		case '\\':
			if i = checkJSONEscape(s, i+1); i < 0 {
				return -1
			}
		default: // a control character
			return -1
		}
	}
}

// checkJSONEscape returns the last byte of the escape whose letter is s[i].
func checkJSONEscape(s string, i int) int {
	if i >= len(s) {
		return -1
	}
	switch s[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i
	case 'u':
		if i+4 >= len(s) {
			return -1
		}
		for _, c := range []byte(s[i+1 : i+5]) {
			if _, ok := hexDigit(c); !ok {
				return -1
			}
		}
		return i + 4
	default:
		return -1
	}
}

func checkJSONNumber(s string, i int) (end int, plain bool) {
	start := i
	if s[i] == '-' {
		i++
	}
	end = SkipDigits(s, i)
	if end == i || s[i] == '0' && end > i+1 {
		return -1, false
	}
	if end == len(s) || s[end] != '.' && s[end] != 'e' && s[end] != 'E' {
		return end, IsShortInteger(s[start:end])
	}
	return checkJSONFraction(s, end), false
}

// checkJSONFraction checks what stands behind the digits of a number.
func checkJSONFraction(s string, i int) int {
	if s[i] == '.' {
		digits := SkipDigits(s, i+1)
		if digits == i+1 {
			return -1
		}
		i = digits
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		digits := SkipDigits(s, i)
		if digits == i {
			return -1
		}
		i = digits
	}
	return i
}

// SkipDigits returns the first place from i on that is no decimal digit.
func SkipDigits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

func checkJSONWord(s string, i int, word string) int {
	if len(s)-i < len(word) || s[i:i+len(word)] != word {
		return -1
	}
	return i + len(word)
}

func hexDigit(c byte) (uint16, bool) {
	switch {
	case c >= '0' && c <= '9':
		return uint16(c - '0'), true
	case c >= 'a' && c <= 'f':
		return uint16(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return uint16(c-'A') + 10, true
	default:
		return 0, false
	}
}
