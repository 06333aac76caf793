package adjust

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/net/http2"
)

// read takes the frames that come, until the connection ends. It runs on a goroutine of its own.
func (m *shared) read() {
	for {
		frame, err := m.in.ReadFrame()
		var one http2.StreamError
		switch {
		case errors.As(err, &one):
			m.mu.Lock()
			if s := m.streams[one.StreamID]; s != nil {
				m.reset(s, one.Code)
				m.end(s, errNotHTTP)
			}
			m.mu.Unlock()
		case err != nil:
			m.fail(err)
			return
		default:
			if err := m.take(frame); err != nil {
				m.fail(err)
				return
			}
		}
	}
}

// take acts on a frame. An error ends the connection.
func (m *shared) take(frame http2.Frame) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard, m.pinged = time.Now(), time.Time{}
	if len(m.out) > maxUnwritten && m.broken == nil && len(m.waiting) == 0 {
		return errFlood
	}
	id := frame.Header().StreamID
	if id >= m.next || id != 0 && id%2 == 0 {
		return fmt.Errorf("%w: a frame of a stream that nobody has opened", errNotHTTP)
	}
	if _, ok := frame.(*http2.SettingsFrame); !ok && !m.greeted {
		return fmt.Errorf("%w: it does not begin with its settings", errNotHTTP)
	}
	switch f := frame.(type) {
	case *http2.SettingsFrame:
		return m.takeSettings(f)
	case *http2.MetaHeadersFrame:
		if s := m.streams[id]; s != nil {
			m.takeHeaders(s, f)
		}
	case *http2.DataFrame:
		m.takeData(f)
	case *http2.RSTStreamFrame:
		m.takeReset(f)
	case *http2.GoAwayFrame:
		m.takeGoAway(f)
	case *http2.WindowUpdateFrame:
		return m.takeWindow(f)
	case *http2.PingFrame:
		if !f.IsAck() {
			_ = m.frames.WritePing(true, f.Data)
			m.more.Signal()
		}
	case *http2.PushPromiseFrame:
		return fmt.Errorf("%w: it pushes what was forbidden", errNotHTTP)
	default: // RFC 9113 wants what is unknown to be ignored
	}
	return nil
}

// takeSettings notes what the server allows.
func (m *shared) takeSettings(f *http2.SettingsFrame) error {
	if f.IsAck() {
		return nil
	}
	err := f.ForeachSetting(func(setting http2.Setting) error {
		if err := setting.Valid(); err != nil {
			return err
		}
		switch setting.ID {
		case http2.SettingMaxConcurrentStreams:
			m.most = int(min(setting.Val, maxStreams))
		case http2.SettingInitialWindowSize:
			for _, s := range m.streams {
				s.window += int64(setting.Val) - m.initial
			}
			m.initial = int64(setting.Val)
		case http2.SettingMaxFrameSize:
			m.frame = int(min(setting.Val, 1<<20))
		case http2.SettingHeaderTableSize:
			m.headers.SetMaxDynamicTableSizeLimit(setting.Val)
		default:
		}
		return nil
	})
	if err != nil {
		return err
	}
	_ = m.frames.WriteSettingsAck()
	m.writeBodies()
	if !m.greeted {
		m.greeted = true
		close(m.ready)
	}
	return nil
}

// takeWindow notes that the server takes more.
func (m *shared) takeWindow(f *http2.WindowUpdateFrame) error {
	if f.StreamID == 0 {
		m.window += int64(f.Increment)
	} else if s := m.streams[f.StreamID]; s != nil {
		s.window += int64(f.Increment)
	}
	if m.window > 1<<31-1 {
		return fmt.Errorf("%w: it takes more than there can be", errNotHTTP)
	}
	m.writeBodies()
	return nil
}

// takeData adds to an answer.
func (m *shared) takeData(f *http2.DataFrame) {
	if m.taken += f.Length; m.taken >= receiveWindow/4 {
		_ = m.frames.WriteWindowUpdate(0, m.taken)
		m.more.Signal()
		m.taken = 0
	}
	s := m.streams[f.StreamID]
	switch {
	case s == nil:
	case s.status == 0:
		m.reset(s, http2.ErrCodeProtocol)
		m.end(s, errNotHTTP)
	default:
		s.body = append(s.body, f.Data()...)
		switch {
		case len(s.body) > m.limit:
			m.end(s, errTooLong)
			m.reset(s, http2.ErrCodeCancel)
		case f.StreamEnded():
			m.answered(s)
		}
	}
}

// answered ends a stream whose answer is complete.
func (m *shared) answered(s *stream) {
	if s.length >= 0 && s.length != int64(len(s.body)) {
		m.end(s, io.ErrUnexpectedEOF)
	} else {
		m.end(s, nil)
	}
	if !s.whole {
		m.reset(s, http2.ErrCodeCancel) // the server wants no more of the request
	}
}

// takeReset ends a stream that the server has ended.
func (m *shared) takeReset(f *http2.RSTStreamFrame) {
	s := m.streams[f.StreamID]
	if s == nil {
		return
	}
	switch f.ErrCode {
	case http2.ErrCodeRefusedStream:
		s.untouched = true
	case http2.ErrCodeHTTP11Required:
		s.untouched, m.single, m.closing = true, true, true
	default:
	}
	m.end(s, errBrokenOff)
}

// takeGoAway ends the streams that the server says it has not looked at. It goes on with the others.
func (m *shared) takeGoAway(f *http2.GoAwayFrame) {
	m.closing, m.gone = true, true
	if f.ErrCode == http2.ErrCodeHTTP11Required || f.ErrCode == http2.ErrCodeInadequateSecurity {
		m.single = true
	}
	for id, s := range m.streams {
		if id > f.LastStreamID {
			s.untouched = true
			m.end(s, errBrokenOff)
		}
	}
	m.rest()
}
