package adjust

import (
	"strings"

	"trackhook/engine"
)

// Curl returns the request for a package as a command for a shell, one parameter a line, for people to read and to
// repeat. The token is shown as [redacted].
func (d *Deliverer) Curl(p *engine.Package) string {
	t := d.target(p)
	var b strings.Builder
	u := *t.url
	inQuery := inQuery(p.Kind)
	if inQuery {
		s := getScratch()
		u.RawQuery = string(s.encode(p))
		s.put()
	}
	b.WriteString("curl --request POST " + shellQuote(u.String()))
	header := func(name, value string) { b.WriteString(" \\\n  --header " + shellQuote(name+": "+value)) }
	if t.secret {
		header("Authorization", "Bearer "+redacted)
	}
	header("User-Agent", d.agent)
	if ip := deviceAddress(p); ip != "" {
		header(forwardedFor, ip)
	}
	if inQuery {
		return b.String()
	}
	for _, param := range Form(p) {
		// curl encodes what follows the first "=", and takes the name as it is.
		b.WriteString(" \\\n  --data-urlencode " + shellQuote(string(appendEscaped(nil, param.Name))+"="+param.Value))
	}
	return b.String()
}

// shellQuote quotes s for a POSIX shell, where it needs quotes.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
