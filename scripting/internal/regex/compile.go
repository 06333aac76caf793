package regex

// The operations of a compiled pattern. Registers hold what loops count; they lie behind the ends of groups.
const (
	opChar   = iota // char is the next
	opSet           // the next is in set
	opRun           // as many of set as there are between min and max, and less where that fails
	opTry           // goes to a, and where that fails to b
	opJump          // goes to a
	opSave          // notes the position in slot a
	opAssert        // char is the kind of the assertion
	opBack          // the text of one of groups again
	opLook          // a: behind the body, which ends with opMatch; not, behind
	opEnter         // a loop begins: registers a (count) and a+1 (position)
	opLoop          // the head of a loop: register a, exit b
	opBegin         // the beginning of its body: register a
	opRepeat        // the end of its body: register a, head b
	opMatch         // found
)

type instruction struct {
	op          int
	char        rune
	set         *chars
	a, b        int
	min, max    int
	groups      []int
	first, last int // the groups that begin anew
	behind, not bool
	greedy      bool
}

// compiler writes the instructions of a tree.
type compiler struct {
	re     *Regexp
	behind bool // reading to the left
}

func (c *compiler) compile(tree node) {
	c.re.slots = 2 * len(c.re.Groups)
	c.emit(instruction{op: opSave, a: 0})
	c.node(tree)
	c.emit(instruction{op: opSave, a: 1})
	c.emit(instruction{op: opMatch})
	if second := c.re.code[1]; second.op == opSet {
		c.re.begins = second.set
	} else if second.op == opChar && second.char < 0x10000 {
		c.re.begins = newChars(set{{second.char, second.char}})
	}
}

func (c *compiler) emit(i instruction) int {
	if i.op != opLook {
		i.behind = c.behind
	}
	c.re.code = append(c.re.code, i)
	return len(c.re.code) - 1
}

func (c *compiler) node(n node) {
	switch n := n.(type) {
	case charNode:
		c.emit(instruction{op: opChar, char: n.c})
	case setNode:
		c.emit(instruction{op: opSet, set: newChars(n.set)})
	case sequence:
		for i := range n {
			if c.behind {
				i = len(n) - 1 - i
			}
			c.node(n[i])
		}
	case choice:
		c.choice(n)
	case group:
		open, end := 2*n.index, 2*n.index+1
		if c.behind {
			open, end = end, open
		}
		c.emit(instruction{op: opSave, a: open})
		c.node(n.body)
		c.emit(instruction{op: opSave, a: end})
	case repeat:
		c.repeat(n)
	case assertion:
		c.emit(instruction{op: opAssert, char: n.kind})
	case look:
		at := c.emit(instruction{op: opLook, behind: n.behind, not: n.not, first: n.first, last: n.last})
		outer := c.behind
		c.behind = n.behind
		c.node(n.body)
		c.emit(instruction{op: opMatch})
		c.behind = outer
		c.re.code[at].a = len(c.re.code)
	case *backreference:
		c.emit(instruction{op: opBack, groups: n.groups})
	}
}

func (c *compiler) choice(n choice) {
	var ends []int
	for i, one := range n {
		if i == len(n)-1 {
			c.node(one)
			break
		}
		try := c.emit(instruction{op: opTry})
		c.re.code[try].a = len(c.re.code)
		c.node(one)
		ends = append(ends, c.emit(instruction{op: opJump}))
		c.re.code[try].b = len(c.re.code)
	}
	for _, end := range ends {
		c.re.code[end].a = len(c.re.code)
	}
}

func (c *compiler) repeat(n repeat) {
	if n.max == 0 {
		return
	}
	if s := setOf(n.body); s != nil && n.greedy && !c.behind {
		c.emit(instruction{op: opRun, set: newChars(s), min: n.min, max: n.max})
		return
	}
	register := c.re.slots + c.re.registers
	c.re.registers += 2
	c.emit(instruction{op: opEnter, a: register})
	head := c.emit(instruction{op: opLoop, a: register, min: n.min, max: n.max, greedy: n.greedy})
	c.emit(instruction{op: opBegin, a: register, first: n.first, last: n.last})
	c.node(n.body)
	c.emit(instruction{op: opRepeat, a: register, b: head, min: n.min})
	c.re.code[head].b = len(c.re.code)
}

// setOf is the set of a node that is one character; nil: it is something else.
func setOf(n node) set {
	switch n := n.(type) {
	case charNode:
		return set{{n.c, n.c}}
	case setNode:
		return n.set
	}
	return nil
}
