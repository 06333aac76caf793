package bound

import (
	"fmt"
	"strings"
)

// JSON says where arrays and objects of a text nest deeper than [MaxJSONDepth], as an *Error; nil: nowhere. It does not say
// whether the text is JSON.
func JSON(text string) error {
	if len(text) <= MaxJSONDepth {
		return nil
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := stringEnd(text, i)
			if end < 0 {
				return nil // whoever parses it says so
			}
			i = end
		case '[', '{':
			if depth++; depth > MaxJSONDepth {
				return errorAt(text, i, fmt.Sprintf("the JSON nests deeper than %d", MaxJSONDepth))
			}
		case ']', '}':
			depth--
		}
	}
	return nil
}

// stringEnd is where the quote stands that ends a string of JSON which begins at a place; -1: nowhere.
func stringEnd(text string, start int) int {
	for i := start + 1; i < len(text); i++ {
		next := strings.IndexAny(text[i:], `"\`)
		if next < 0 {
			return -1
		}
		if i += next; text[i] == '"' {
			return i
		}
		i++ // what is escaped
	}
	return -1
}
