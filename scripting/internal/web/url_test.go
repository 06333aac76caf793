package web

import "testing"

func TestURL(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`new URL('https://user:pa%20ss@EXAMPLE.com:443/a/./b/../c?x=1#h').href`, "https://user:pa%20ss@example.com/a/c?x=1#h"},
		{`(u => [u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash].join(' '))(new URL('http://u:p@h.example:8080/p?q#f'))`, "http://h.example:8080 http: u p h.example:8080 h.example 8080 /p ?q #f"},
		{`new URL('../x?y', 'https://a.example/b/c/d').href`, "https://a.example/b/x?y"},
		{`new URL('//h.example/x', 'https://a.example/').href`, "https://h.example/x"},
		{`new URL('http://0x7f.1/').hostname`, "127.0.0.1"},
		{`new URL('http://[::0:1]/').host`, "[::1]"},
		{`new URL('http://bücher.example/ü?ü#ü').href`, "http://xn--bcher-kva.example/%C3%BC?%C3%BC#%C3%BC"},
		{`new URL('http:\\\\a.example\\b').href`, "http://a.example/b"},
		{`new URL(' http://a.example/ \n').href`, "http://a.example/"},
		{`new URL('http://a.example/^').href`, "http://a.example/%5E"},
		{`new URL('mailto:x@y.example').pathname`, "x@y.example"},
		{`new URL('blob:https://a.example/x').origin`, "https://a.example"},
		{`new URL('data:text/plain,x').origin + new URL('file:///x').origin`, "nullnull"},
		{`new URL('/x')`, `throws TypeError: Invalid URL: "/x"`},
		{`(() => { try { new URL('x', 'y') } catch (e) { return e.code + e.input + e.message } })()`, `ERR_INVALID_URLxInvalid URL: "x" with base "y"`},
		{`new URL()`, "throws TypeError..."},
		{`URL('http://a.example')`, "throws TypeError..."},
		{`new URL('http://a b/')`, "throws TypeError..."},
		{`new URL('http://a.example:99999')`, "throws TypeError..."},
		{`URL.canParse('x:') + '' + URL.canParse('x') + URL.canParse('x', 'http://a.example')`, "truefalsetrue"},
		{`URL.parse('x') + '|' + URL.parse('x', 'http://a.example')`, "null|http://a.example/x"},
		{`JSON.stringify({ u: new URL('http://a.example') })`, `{"u":"http://a.example/"}`},
		{`Object.prototype.toString.call(new URL('a:'))`, "[object URL]"},
		{`(u => (u.protocol = 'https', u.host = 'b.example:81', u.pathname = 'x y', u.search = 'a=b c', u.hash = 'h', u.username = 'm@', u.password = 'p', u.href))(new URL('http://a.example'))`, "https://m%40:p@b.example:81/x%20y?a=b%20c#h"},
		{`(u => (u.port = '8080x', u.hostname = 'c.example', u.port + u.hostname))(new URL('http://a.example'))`, "8080c.example"},
		{`(u => (u.port = '', u.search = '', u.hash = '', u.href))(new URL('http://a.example:81/?x#y'))`, "http://a.example/"},
		{`(u => { try { u.href = 'x' } catch (e) { return e.name + u.href } })(new URL('http://a.example'))`, "TypeErrorhttp://a.example/"},
		{`(u => (u.searchParams.append('b', '2 3'), u.href))(new URL('http://a.example/?a=1'))`, "http://a.example/?a=1&b=2+3"},
		{`(u => { const p = u.searchParams; u.search = '?z=9'; return p.get('z') + p.has('a') + (p === u.searchParams) })(new URL('http://a.example/?a=1'))`, "9falsetrue"},
		{`(u => (u.searchParams.delete('a'), u.href))(new URL('http://a.example/?a=1'))`, "http://a.example/"},
		{`Object.keys(Object.getPrototypeOf(new URL('a:'))).includes('href')`, "true"},
		{`(() => { for (const k in new URL('a:')) return k })()`, "href"},
	})
}

func TestURLSearchParams(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`new URLSearchParams('?a=1&b=2&a=3').getAll('a').join()`, "1,3"},
		{`new URLSearchParams('a=b=c&d&=e&&f=%zz&g=%F0%9F%98%80+x').toString()`, "a=b%3Dc&d=&=e&f=%25zz&g=%F0%9F%98%80+x"},
		{`new URLSearchParams({ a: 1, b: 'x y' }).toString()`, "a=1&b=x+y"},
		{`new URLSearchParams([['a', 'b'], ['a', 'c']]).toString()`, "a=b&a=c"},
		{`new URLSearchParams(new URLSearchParams('x=y')).toString()`, "x=y"},
		{`new URLSearchParams(new Map([['m', 'n']])).toString()`, "m=n"},
		{`new URLSearchParams([['a']])`, "throws TypeError..."},
		{`new URLSearchParams([1])`, "throws TypeError..."},
		{`new URLSearchParams(null).toString()`, "null="},
		{`new URLSearchParams(undefined).toString() + new URLSearchParams().size`, "0"},
		{`new URLSearchParams('%ff%fe').get('\ufffd\ufffd')`, ""},
		{`new URLSearchParams({ '\ud800': '\udc00' }).toString()`, "%EF%BF%BD=%EF%BF%BD"},
		{`new URLSearchParams('a=1&b=2&a=3').size`, "3"},
		{`(p => (p.set('a', '9'), p.toString()))(new URLSearchParams('a=1&b=2&a=3'))`, "a=9&b=2"},
		{`(p => (p.delete('a', '1'), p.toString()))(new URLSearchParams('a=1&b=2&a=3'))`, "b=2&a=3"},
		{`(p => p.has('a', '3') + '' + p.has('a', '4') + p.has('b'))(new URLSearchParams('a=1&b=2&a=3'))`, "truefalsetrue"},
		{`(p => (p.sort(), p.toString()))(new URLSearchParams('z=b&a=b&z=a&a=a'))`, "a=b&a=a&z=b&z=a"},
		{`(p => (p.sort(), [...p.keys()].map(k => k.codePointAt(0).toString(16)).join()))(new URLSearchParams('\uffe6=1&\u{1f308}=2'))`, "1f308,ffe6"},
		{`[...new URLSearchParams('a=1&b=2')].join('|') + [...new URLSearchParams('a=1').keys()] + [...new URLSearchParams('a=1').values()]`, "a,1|b,2a1"},
		{`(o => (new URLSearchParams('a=1&b=2').forEach((v, k) => o.push(k + v)), o.join()))([])`, "a1,b2"},
		{`new URLSearchParams("~'()!*-._ü").toString()`, "%7E%27%28%29%21*-._%C3%BC="},
		{`new URLSearchParams('a=1').get('b')`, "null"},
		{`new URLSearchParams().append('a')`, "throws TypeError..."},
		{`Object.prototype.toString.call(new URLSearchParams())`, "[object URLSearchParams]"},
	})
}

func BenchmarkURL(b *testing.B) {
	p := newPage(b, nil)
	f := `() => new URL('https://hooks.example.com/services/a?b=c').hostname`
	v, err := p.vm.RunString(f)
	if err != nil {
		b.Fatal(err)
	}
	call, _ := v.Export().(func(callArguments) callResult)
	b.ReportAllocs()
	for b.Loop() {
		call(callArguments{})
	}
}
