package intl

import (
	"strconv"
	"strings"
)

// digits says how many digits a number is written with; -1 where that is not said.
type digits struct {
	minInteger, minFraction, maxFraction, minSignificant, maxSignificant int
	priority, mode                                                       string
	increment                                                            int
	strip                                                                bool
}

// decimal is a number without sign: its digits, and where the point stands among them.
type decimal struct {
	digits string
	point  int
}

// parse reads a number as JavaScript writes it, without sign.
func parse(text string) decimal {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	power, _ := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	whole, fraction, _ := strings.Cut(mantissa, ".")
	out := decimal{whole + fraction, len(whole) + power}
	trimmed := strings.TrimLeft(out.digits, "0")
	out.point -= len(out.digits) - len(trimmed)
	out.digits = strings.TrimRight(trimmed, "0")
	if out.digits == "" {
		out.point = 0
	}
	return out
}

// to rounds to so many digits behind the point, which may be negative, in steps of so many of the last of them.
func (d decimal) to(places int, mode string, negative bool, step int) decimal {
	keep := d.point + places
	if d.digits == "" || keep >= len(d.digits) && step == 1 {
		return d
	}
	kept, rest := "", ""
	switch {
	case keep < 0:
		rest = strings.Repeat("0", -keep) + d.digits
	case keep > len(d.digits):
		kept = d.digits + strings.Repeat("0", keep-len(d.digits))
	default:
		kept, rest = d.digits[:keep], d.digits[keep:]
	}
	value := kept
	switch {
	case step != 1:
		value = toStep(value, rest, step, mode, negative)
	case upward(rest, value, mode, negative):
		value = plusOne(value)
	}
	return parse(value + "e" + strconv.Itoa(-places))
}

// upward tells whether what is cut off makes the rest one larger.
func upward(rest, kept, mode string, negative bool) bool {
	nothing := strings.Trim(rest, "0") == ""
	half := 0
	if !nothing {
		switch first := rest[0]; {
		case first > '5' || first == '5' && strings.Trim(rest[1:], "0") != "":
			half = 1
		case first < '5':
			half = -1
		}
	}
	return decide(nothing, half, kept != "" && (kept[len(kept)-1]-'0')%2 == 1, mode, negative)
}

// decide rounds: half is whether what is cut off is more than the half, less, or the half itself.
func decide(nothing bool, half int, odd bool, mode string, negative bool) bool {
	if nothing {
		return false
	}
	switch mode {
	case "ceil":
		return !negative
	case "floor":
		return negative
	case "expand":
		return true
	case "trunc":
		return false
	}
	if half != 0 {
		return half > 0
	}
	switch mode {
	case "halfCeil":
		return !negative
	case "halfFloor":
		return negative
	case "halfTrunc":
		return false
	case "halfEven":
		return odd
	default:
		return true
	}
}

// toStep rounds a whole number to a multiple.
func toStep(value, rest string, step int, mode string, negative bool) string {
	remainder, quotient := 0, make([]byte, 0, len(value))
	for _, c := range []byte(value) {
		remainder = remainder*10 + int(c-'0')
		quotient = append(quotient, byte('0'+remainder/step))
		remainder %= step
	}
	tail := strings.Trim(rest, "0") != ""
	half := 2*remainder - step
	if half == 0 && tail {
		half = 1
	}
	out := string(quotient)
	if decide(remainder == 0 && !tail, half, out != "" && (out[len(out)-1]-'0')%2 == 1, mode, negative) {
		out = plusOne(out)
	}
	carry, product := 0, make([]byte, len(out))
	for i := len(out) - 1; i >= 0; i-- {
		carry += int(out[i]-'0') * step
		product[i] = byte('0' + carry%10)
		carry /= 10
	}
	return strconv.Itoa(carry) + string(product)
}

func plusOne(text string) string {
	out := []byte(text)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] != '9' {
			out[i]++
			return string(out)
		}
		out[i] = '0'
	}
	return "1" + string(out)
}

// write returns what stands before and behind the point, with at least so many digits behind it.
func (d decimal) write(least int) (whole, fraction string) {
	switch {
	case d.point <= 0:
		fraction = strings.Repeat("0", -d.point) + d.digits
		if d.digits == "" {
			fraction = ""
		}
	case d.point >= len(d.digits):
		whole = d.digits + strings.Repeat("0", d.point-len(d.digits))
	default:
		whole, fraction = d.digits[:d.point], d.digits[d.point:]
	}
	if len(fraction) < least {
		fraction += strings.Repeat("0", least-len(fraction))
	}
	return whole, fraction
}

// round writes a number, times a power of ten, as it was asked for.
func (o *digits) round(text string, power int) (whole, fraction string) {
	text, negative := strings.CutPrefix(text, "-")
	d := parse(text)
	if d.digits != "" {
		d.point += power
	}
	bySignificant := func() (decimal, int, int) {
		places := o.maxSignificant - d.point
		if d.digits == "" {
			places = o.maxSignificant - 1
		}
		r := d.to(places, o.mode, negative, 1)
		size := r.point
		if r.digits == "" {
			size = 1
		}
		return r, max(0, o.minSignificant-size), places
	}
	byFraction := func() (decimal, int, int) {
		return d.to(o.maxFraction, o.mode, negative, o.increment), o.minFraction, o.maxFraction
	}
	var r decimal
	var least int
	switch {
	case o.maxFraction < 0:
		r, least, _ = bySignificant()
	case o.maxSignificant < 0:
		r, least, _ = byFraction()
	default:
		s, leastS, placesS := bySignificant()
		f, leastF, placesF := byFraction()
		more := placesS > placesF
		if more == (o.priority != "lessPrecision") {
			r, least = s, leastS
		} else {
			r, least = f, leastF
		}
	}
	whole, fraction = r.write(least)
	if o.strip && strings.Trim(fraction, "0") == "" {
		fraction = ""
	}
	if len(whole) < o.minInteger {
		whole = strings.Repeat("0", o.minInteger-len(whole)) + whole
	}
	return whole, fraction
}

// magnitude is the power of ten of a number's first digit.
func magnitude(text string) int {
	d := parse(strings.TrimPrefix(text, "-"))
	if d.digits == "" {
		return 0
	}
	return d.point - 1
}
