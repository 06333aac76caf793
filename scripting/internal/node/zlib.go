package node

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/dop251/goja"
)

// convert(kind, data, level, most) packs or unpacks, and returns the bytes, or the code and the text of an error.
func (m *Modules) convert(call goja.FunctionCall) goja.Value {
	data, level, most := bytesOf(call.Argument(1)), int(call.Argument(2).ToInteger()), call.Argument(3).ToInteger()
	var out bytes.Buffer
	var err error
	switch kind := call.Argument(0).String(); kind {
	case "Gzip":
		err = pack(data, func() (io.WriteCloser, error) { return gzip.NewWriterLevel(&out, level) })
	case "Deflate":
		err = pack(data, func() (io.WriteCloser, error) { return zlib.NewWriterLevel(&out, level) })
	case "DeflateRaw":
		err = pack(data, func() (io.WriteCloser, error) { return flate.NewWriter(&out, level) })
	default:
		err = unpack(kind, data, min(most, maxUnpacked), &out)
	}
	if err == nil {
		return m.arrayBuffer(out.Bytes())
	}
	code, text := "Z_DATA_ERROR", err.Error()
	switch {
	case errors.Is(err, errTooLarge):
		code = "ERR_BUFFER_TOO_LARGE"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		code, text = "Z_BUF_ERROR", "unexpected end of file"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zlib.ErrHeader):
		text = "incorrect header check"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum):
		text = "incorrect data check"
	}
	return m.VM.NewArray(code, text)
}

// maxUnpacked bounds what a few bytes may grow to.
const maxUnpacked = 64 << 20

var errTooLarge = errors.New("the output is too large")

func pack(data []byte, open func() (io.WriteCloser, error)) error {
	w, err := open()
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	return nil
}

func unpack(kind string, data []byte, most int64, out *bytes.Buffer) error {
	in := bytes.NewReader(data)
	var r io.Reader
	var err error
	switch {
	case kind == "Gunzip", kind == "Unzip" && len(data) > 1 && data[0] == 0x1f && data[1] == 0x8b:
		r, err = gzip.NewReader(in)
	case kind == "InflateRaw":
		r = flate.NewReader(in)
	default:
		r, err = zlib.NewReader(in)
	}
	if err != nil && kind == "Gunzip" && len(data) > 1 && (data[0] != 0x1f || data[1] != 0x8b) {
		err = gzip.ErrHeader // also where the data is too short for one
	}
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	n, err := io.Copy(out, io.LimitReader(r, most+1))
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	if n > most {
		return fmt.Errorf("unpack: %w: more than %d bytes", errTooLarge, most)
	}
	return nil
}
