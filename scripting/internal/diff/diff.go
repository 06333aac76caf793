package diff

import "slices"

// Line is a line of a diff.
type Line struct {
	// Op is '-' for a line of the first text only, '+' for one of the second only, and ' ' for one of both.
	Op   byte
	Text string
}

// maxDiffCells bounds the table that a diff is found with; beyond it, everything between the common beginning and the
// common end counts as changed.
const maxDiffCells = 4 << 20

// Lines returns the shortest way from a to b, line by line.
func Lines(a, b []string) []Line {
	var diff []Line
	add := func(op byte, lines ...string) {
		for _, line := range lines {
			diff = append(diff, Line{op, line})
		}
	}
	begin := 0
	for begin < len(a) && begin < len(b) && a[begin] == b[begin] {
		begin++
	}
	end := 0
	for end < len(a)-begin && end < len(b)-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	add(' ', a[:begin]...)
	tail := a[len(a)-end:]
	a, b = a[begin:len(a)-end], b[begin:len(b)-end]
	if len(a)*len(b) > maxDiffCells {
		add('-', a...)
		add('+', b...)
	} else {
		diff = append(diff, shortest(a, b)...)
	}
	add(' ', tail...)
	return diff
}

// shortest finds the longest common subsequence by the table of the textbooks.
func shortest(a, b []string) []Line {
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width) // of a[i:] and b[j:]
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var diff []Line
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			diff = append(diff, Line{' ', a[i]})
			i++
			j++
		case j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1]:
			diff = append(diff, Line{'-', a[i]})
			i++
		default:
			diff = append(diff, Line{'+', b[j]})
			j++
		}
	}
	return slices.Clip(diff)
}
