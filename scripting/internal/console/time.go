package console

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/dop251/goja"
)

func (c *Console) time(call goja.FunctionCall) goja.Value {
	label := c.label(call)
	if _, ok := c.timers[label]; ok {
		c.line(Warn, "Warning: Label '"+label+"' already exists for console.time()")
		return goja.Undefined()
	}
	if c.timers == nil {
		c.timers = make(map[string]time.Time)
	}
	c.timers[label] = c.Now()
	return goja.Undefined()
}

func (c *Console) timeEnd(call goja.FunctionCall) goja.Value {
	label := c.label(call)
	c.elapsed("timeEnd", label, nil)
	delete(c.timers, label)
	return goja.Undefined()
}

func (c *Console) timeLog(call goja.FunctionCall) goja.Value {
	c.elapsed("timeLog", c.label(call), call.Arguments[min(1, len(call.Arguments)):])
	return goja.Undefined()
}

func (c *Console) elapsed(method, label string, data []goja.Value) {
	start, ok := c.timers[label]
	if !ok {
		c.line(Warn, "Warning: No such label '"+label+"' for console."+method+"()")
		return
	}
	text := label + ": " + elapsedText(c.Now().Sub(start))
	if len(data) > 0 {
		text += " " + c.render(func(in *inspector) { c.join(in, data) })
	}
	c.line(Info, text)
}

// elapsedText returns a duration as console.timeEnd prints it.
func elapsedText(d time.Duration) string {
	seconds := d.Seconds()
	if d < time.Second {
		return strconv.FormatFloat(math.Round(seconds*1e6)/1e3, 'f', -1, 64) + "ms"
	}
	if d < time.Minute {
		return strconv.FormatFloat(seconds, 'f', 3, 64) + "s"
	}
	ms := d.Round(time.Millisecond).Milliseconds()
	hours, minutes, rest := ms/3_600_000, ms/60_000%60, ms%60_000
	if hours > 0 {
		return fmt.Sprintf("%d:%02d:%02d.%03d (h:mm:ss.mmm)", hours, minutes, rest/1000, rest%1000)
	}
	return fmt.Sprintf("%d:%02d.%03d (m:ss.mmm)", minutes, rest/1000, rest%1000)
}
