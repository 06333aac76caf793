package adjust

import (
	"bytes"
	"strings"
)

// plainHead is the header of an answer that is as nearly all are: HTTP/1.1, with a length, nothing encoded, and a connection
// that goes on.
type plainHead struct {
	status, length             int
	date, retryAfter, location string
}

// maxPlainLength bounds the length in a plainHead, far below what an int holds.
const maxPlainLength = 1 << 30

// plainHeadOf reads the header with which begun starts, and returns how long it is; 0 when it is not all there, or has anything
// that takes the parser of net/http to judge. What it takes, that parser takes in the same way; FuzzPlainHead compares the two.
//
// It is a third of that parser's time, which makes a map of the header, and reads of it were a seventh of an attempt.
// lastDate is the Date of an earlier answer, which is returned again where it is the same.
func plainHeadOf(begun []byte, lastDate string) (h plainHead, size int) {
	line, at := plainLine(begun, 0)
	if h.status = plainStatus(line); h.status == 0 {
		return plainHead{}, 0
	}
	h.length = -1
	var dated, asked, moved bool // a header that comes twice counts as it came first
	for at > 0 {
		if line, at = plainLine(begun, at); at == 0 {
			break
		}
		if len(line) == 0 {
			if h.length < 0 {
				return plainHead{}, 0
			}
			return h, at
		}
		name, value, ok := plainField(line)
		if !ok {
			return plainHead{}, 0
		}
		switch {
		case is(name, "content-length"):
			if h.length >= 0 {
				return plainHead{}, 0
			}
			if h.length = plainLength(value); h.length < 0 {
				return plainHead{}, 0
			}
		case is(name, "date"):
			if !dated {
				dated = true
				if h.date = lastDate; string(value) != lastDate {
					h.date = string(value)
				}
			}
		case is(name, "retry-after"):
			if !asked {
				asked, h.retryAfter = true, string(value)
			}
		case is(name, "location"):
			if !moved {
				moved, h.location = true, string(value)
			}
		case is(name, "connection"):
			if !is(value, "keep-alive") {
				return plainHead{}, 0
			}
		case is(name, "transfer-encoding"), is(name, "content-encoding"), is(name, "trailer"):
			return plainHead{}, 0
		}
	}
	return plainHead{}, 0
}

// plainLine returns the line from a place on, and where the next one begins; 0 when it does not end.
func plainLine(b []byte, from int) (line []byte, next int) {
	end := bytes.IndexByte(b[from:], '\n')
	if end < 1 || b[from+end-1] != '\r' {
		return nil, 0
	}
	return b[from : from+end-1], from + end + 1
}

// plainStatus reads a status line; 0 for one that is not plain, or whose answer may have no body.
func plainStatus(line []byte) int {
	const version = "HTTP/1.1 "
	if len(line) < len(version)+3 || string(line[:len(version)]) != version {
		return 0
	}
	code, rest := line[len(version):len(version)+3], line[len(version)+3:]
	for _, c := range code {
		if c < '0' || c > '9' {
			return 0
		}
	}
	status := int(code[0]-'0')*100 + int(code[1]-'0')*10 + int(code[2]-'0')
	if status < 200 || status == 204 || status == 304 || len(rest) > 0 && rest[0] != ' ' || !plainText(rest) {
		return 0
	}
	return status
}

// plainField cuts a line of a header in two.
func plainField(line []byte) (name, value []byte, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 {
		return nil, nil, false
	}
	name = line[:colon]
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return nil, nil, false
		}
	}
	value = bytes.Trim(line[colon+1:], " ")
	return name, value, plainText(value)
}

// plainText tells whether all is printable ASCII.
func plainText(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// plainLength reads a Content-Length; -1 for one that is not plain.
func plainLength(b []byte) int {
	if len(b) == 0 || len(b) > 10 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	if n > maxPlainLength {
		return -1
	}
	return n
}

// is tells whether b is a word that is written in small letters here, in letters of any kind.
func is(b []byte, word string) bool { return len(b) == len(word) && strings.EqualFold(string(b), word) }
