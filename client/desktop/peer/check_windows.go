package peer

import (
	"errors"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

var getExtendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

// ownerPIDAll is TCP_TABLE_OWNER_PID_ALL.
const ownerPIDAll = 5

// check looks for the process at the socket whose own end is mine and whose other end is yours.
// Whose process it is can be told only where this user may ask.
func check(mine, yours netip.AddrPort) error {
	table, err := tcpTable()
	if err != nil {
		return unknown(err)
	}
	process, found, err := tcpTableOwner(table, mine, yours)
	if err != nil {
		return unknown(err)
	}
	if !found {
		return unknown(errNoEntry)
	}
	theirs, err := userOf(process)
	if err != nil {
		return unknown(err)
	}
	ours, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return unknown(err)
	}
	if !theirs.Equals(ours.User.Sid) {
		return ErrOtherUser
	}
	return nil
}

// tcpTable asks for the table of IPv4 connections, which may grow between two calls.
func tcpTable() ([]byte, error) {
	size := uint32(64 << 10)
	for range 5 {
		table := make([]byte, size)
		code, _, _ := getExtendedTCPTable.Call(uintptr(unsafe.Pointer(&table[0])), uintptr(unsafe.Pointer(&size)), 0,
			windows.AF_INET, ownerPIDAll, 0)
		switch err := windows.Errno(code); {
		case code == 0:
			return table, nil
		case !errors.Is(err, windows.ERROR_INSUFFICIENT_BUFFER):
			return nil, err
		}
	}
	return nil, windows.ERROR_INSUFFICIENT_BUFFER
}

func userOf(process uint32) (*windows.SID, error) {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, process)
	if err != nil {
		return nil, err
	}
	defer windows.CloseHandle(handle)
	var token windows.Token
	if err := windows.OpenProcessToken(handle, windows.TOKEN_QUERY, &token); err != nil {
		return nil, err
	}
	defer token.Close()
	user, err := token.GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}
