package regex

// FoldsMade is how often the other cases of the members of a set were looked for.
func (e *Engine) FoldsMade() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.foldsMade
}

// FoldSpans is how many spans are remembered for that, at most MaxFoldSpans.
func (e *Engine) FoldSpans() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for name, s := range e.folds {
		n += len(name)/8 + len(s)
	}
	return n
}

// MaxFoldSpans is the bound of those.
const MaxFoldSpans = maxFoldSpans
