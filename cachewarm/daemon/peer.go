package daemon

import "net"

// peerUID returns the user at the other end of a connection.
func peerUID(conn *net.UnixConn) (uid int, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var sockErr error
	if err := raw.Control(func(fd uintptr) { uid, sockErr = socketUID(int(fd)) }); err != nil {
		return 0, err
	}
	return uid, sockErr
}
