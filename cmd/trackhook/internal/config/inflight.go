package config

import "strconv"

// InFlight is a number of attempts at once; 0 is auto, a number that finds itself. It is a flag's value, too.
type InFlight int

// auto is how the number that finds itself is written.
const auto = "auto"

// String returns auto or the number.
func (n *InFlight) String() string {
	if *n == 0 {
		return auto
	}
	return strconv.Itoa(int(*n))
}

// Set reads auto or a number.
func (n *InFlight) Set(text string) error {
	if text == auto {
		*n = 0
		return nil
	}
	number, err := strconv.Atoi(text)
	*n = InFlight(number)
	return err
}

// Type names what help calls the value.
func (*InFlight) Type() string { return "auto|int" }
