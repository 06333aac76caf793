package adjust_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// lateConn calls before ahead of its second write.
type lateConn struct {
	*net.TCPConn
	before func()
	writes int
}

func (c *lateConn) Write(b []byte) (int, error) {
	if c.writes++; c.writes == 2 {
		c.before()
	}
	return c.TCPConn.Write(b)
}

// A server that closes an idle connection in the instant in which a purchase is written to it has read nothing of it:
// the purchase goes over another connection at once. One that closes after it has read the purchase may have counted it.
func TestPurchaseAtTheMomentOfTheClose(t *testing.T) {
	for _, reads := range []bool{false, true} {
		closing, closed := make(chan struct{}), make(chan struct{})
		var read atomic.Int32
		address := raw(t, func(n int, conn *net.TCPConn, r *bufio.Reader) {
			for i := 1; ; i++ {
				if n == 1 && i == 2 && !reads {
					<-closing
					conn.Close()
					close(closed)
					return
				}
				if readRequest(r) != nil {
					return
				}
				read.Add(1)
				if n == 1 && i == 2 {
					return // without an answer
				}
				io.WriteString(conn, okAnswer)
			}
		})
		d := newDeliverer(t, adjust.Config{Endpoint: address, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &lateConn{TCPConn: conn.(*net.TCPConn), before: func() {
				if !reads {
					close(closing)
					<-closed
				}
			}}, nil
		}})
		first, second := deliver(t, d, purchase()), deliver(t, d, purchase())
		want := engine.Delivered
		if reads {
			want = engine.Unclear
		}
		if first.Outcome != engine.Delivered || second.Outcome != want || second.Ambiguous != reads || read.Load() != 2 {
			t.Errorf("the server reads %t: %s, then %s: %s; it read %d", reads, first.Outcome, second.Outcome, second.Message, read.Load())
		}
	}
}
