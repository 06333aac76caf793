package adjust

import "golang.org/x/sys/unix"

// canCountAcked tells whether bytesAcked can tell.
const canCountAcked = true

// bytesAcked returns how many bytes the other side's system has confirmed to have received on a connection.
func bytesAcked(fd uintptr) (n uint64, ok bool) {
	info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return 0, false
	}
	return info.Bytes_acked, true
}
