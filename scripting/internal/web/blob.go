package web

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/dop251/goja"
)

// blobNatives are what Blob, File and FormData need.
func (w *Web) blobNatives() map[string]native {
	return map[string]native{
		"encode": w.encodeUTF8,
		"decode": func(call goja.FunctionCall) goja.Value {
			return w.VM.ToValue(strings.TrimPrefix(decodeUTF8(bytesOf(call.Argument(0))), "\ufeff"))
		},
		"text": func(call goja.FunctionCall) goja.Value { return usv(w.VM, call.Argument(0)) },
		"boundary": func(goja.FunctionCall) goja.Value {
			var random [12]byte
			_, _ = rand.Read(random[:]) // never fails, by its contract
			return w.VM.ToValue(hex.EncodeToString(random[:]))
		},
		"decodeForm": func(call goja.FunctionCall) goja.Value {
			parts, ok := decodeForm(bytesOf(call.Argument(0)), call.Argument(1).String())
			if !ok {
				return goja.Null()
			}
			values := make([]any, len(parts))
			for i := range parts {
				values[i] = w.formPart(&parts[i])
			}
			return w.VM.NewArray(values...)
		},
	}
}

// encodeUTF8 returns the bytes of a text.
func (w *Web) encodeUTF8(call goja.FunctionCall) goja.Value {
	return w.arrayBuffer([]byte(usv(w.VM, call.Argument(0)).String()))
}

// formPart is one value of a form as the program takes it: name, value, file name or null, type.
func (w *Web) formPart(p *formPart) goja.Value {
	if !p.file {
		return w.VM.NewArray(p.name, decodeUTF8(p.data), nil, "")
	}
	return w.VM.NewArray(p.name, w.arrayBuffer(p.data), p.filename, p.kind)
}

// formPart is one value of a form: a text, or a file.
type formPart struct {
	name, filename, kind string
	file                 bool
	data                 []byte
}

// decodeForm reads a body as a form, by its Content-Type; false when it is none (Fetch standard, 5.3).
func decodeForm(body []byte, contentType string) ([]formPart, bool) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, false
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		list := parseQuery(string(body))
		parts := make([]formPart, 0, len(list)/2)
		for i := 0; i+1 < len(list); i += 2 {
			parts = append(parts, formPart{name: list[i], data: []byte(list[i+1])})
		}
		return parts, true
	case "multipart/form-data":
		return decodeMultipart(body, params["boundary"])
	default:
		return nil, false
	}
}

func decodeMultipart(body []byte, boundary string) ([]formPart, bool) {
	if boundary == "" {
		return nil, false
	}
	parts := []formPart{}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := reader.NextRawPart()
		// Not errors.Is: the reader wraps io.EOF for a form that is cut off.
		if err == io.EOF {
			return parts, true
		}
		if err != nil {
			return nil, false
		}
		part, ok := readPart(p.Header, p)
		if !ok {
			return nil, false
		}
		parts = append(parts, part)
	}
}

func readPart(header textproto.MIMEHeader, body io.Reader) (formPart, bool) {
	disposition, params, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	name, named := params["name"]
	if err != nil || disposition != "form-data" || !named {
		return formPart{}, false
	}
	part := formPart{name: unquoteField(name)}
	if filename, ok := params["filename"]; ok {
		part.file, part.filename, part.kind = true, unquoteField(filename), header.Get("Content-Type")
		if part.kind == "" {
			part.kind = "text/plain"
		}
	}
	part.data, err = io.ReadAll(body)
	return part, err == nil
}

// unquoteField undoes how names travel (HTML standard, 4.10.21.8).
func unquoteField(name string) string {
	return strings.NewReplacer("%0A", "\n", "%0D", "\r", "%22", `"`).Replace(name)
}
