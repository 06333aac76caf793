package web

import "testing"

func TestCrypto(t *testing.T) {
	p := newPage(t, nil)
	if _, err := p.vm.RunString(`const hex = b => Buffer.from(b).toString('hex'), utf8 = s => new TextEncoder().encode(s)`); err != nil {
		t.Fatal(err)
	}
	key := func(usages string) string {
		return `await crypto.subtle.importKey('raw', utf8('Jefe'), { name: 'HMAC', hash: 'SHA-256' }, true, ` + usages + `)`
	}
	p.cases(t, [][2]string{
		{`/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())`, "true"},
		{`crypto.randomUUID() === crypto.randomUUID()`, "false"},
		{`(a => crypto.getRandomValues(a) === a && a.some(x => x !== 0))(new Uint32Array(8))`, "true"},
		{`crypto.getRandomValues(new Uint8Array(65536)).length`, "65536"},
		{`crypto.getRandomValues(new Uint8Array(65537))`, "throws QuotaExceededError..."},
		{`crypto.getRandomValues(new Float64Array(1))`, "throws TypeMismatchError..."},
		{`crypto.getRandomValues(new DataView(new ArrayBuffer(1)))`, "throws TypeMismatchError..."},
		{`crypto.getRandomValues([])`, "throws TypeError..."},
		{`new Crypto()`, "throws TypeError: Illegal constructor"},
		// FIPS 180-4, the message "abc".
		{`hex(await crypto.subtle.digest('SHA-1', utf8('abc')))`, "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{`hex(await crypto.subtle.digest({ name: 'sha-256' }, utf8('abc')))`, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{`hex(await crypto.subtle.digest('SHA-384', utf8('abc').buffer)).slice(0, 16)`, "cb00753f45a35e8b"},
		{`hex(await crypto.subtle.digest('SHA-512', utf8('abc'))).slice(0, 16)`, "ddaf35a193617aba"},
		{`await crypto.subtle.digest('MD5', utf8('abc'))`, "throws NotSupportedError..."},
		{`await crypto.subtle.digest('SHA-256', 'abc')`, "throws TypeError..."},
		// RFC 4231, test case 2.
		{`hex(await crypto.subtle.sign('HMAC', ` + key(`['sign']`) + `, utf8('what do ya want for nothing?')))`, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{`await (async k => crypto.subtle.verify('HMAC', k, await crypto.subtle.sign('HMAC', k, utf8('m')), utf8('m')))(` + key(`['sign', 'verify']`) + `)`, "true"},
		{`await (async k => crypto.subtle.verify('HMAC', k, new Uint8Array(32), utf8('m')))(` + key(`['verify']`) + `)`, "false"},
		{`await crypto.subtle.sign('HMAC', ` + key(`['verify']`) + `, utf8('m'))`, "throws InvalidAccessError..."},
		{`await crypto.subtle.sign('HMAC', {}, utf8('m'))`, "throws TypeError..."},
		{`(k => [k.type, k.extractable, k.algorithm.name, k.algorithm.hash.name, k.algorithm.length, k.usages].join())(` + key(`['sign']`) + `)`, "secret,true,HMAC,SHA-256,32,sign"},
		{`hex(await crypto.subtle.exportKey('raw', ` + key(`['sign']`) + `))`, "4a656665"},
		{`JSON.stringify(await crypto.subtle.exportKey('jwk', ` + key(`['sign']`) + `))`, `{"key_ops":["sign"],"ext":true,"kty":"oct","k":"SmVmZQ","alg":"HS256"}`},
		{`await crypto.subtle.exportKey('raw', await crypto.subtle.importKey('raw', utf8('k'), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']))`, "throws InvalidAccessError..."},
		{`await crypto.subtle.importKey('raw', new Uint8Array(0), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])`, "throws DataError..."},
		{`await crypto.subtle.importKey('raw', utf8('k'), { name: 'HMAC', hash: 'SHA-1' }, false, [])`, "throws SyntaxError..."},
		{`await crypto.subtle.importKey('raw', utf8('k'), { name: 'HMAC', hash: 'SHA-1' }, false, ['encrypt'])`, "throws SyntaxError..."},
		{`await crypto.subtle.importKey('pkcs8', utf8('k'), 'AES-GCM', false, ['sign'])`, "throws NotSupportedError..."},
		{`hex(await crypto.subtle.exportKey('raw', await crypto.subtle.importKey('jwk', { kty: 'oct', k: 'SmVmZQ' }, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])))`, "4a656665"},
		{`(await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-512' }, false, ['sign'])).algorithm.length`, "1024"},
	})
}
