package wire

import (
	"cmp"
	"os"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/protocol"
)

// MachineName is what a person will know this machine by: its host name and system.
func MachineName() string {
	system := map[string]string{"linux": "Linux", "darwin": "macOS", "windows": "Windows"}[runtime.GOOS]
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	host, _, _ = strings.Cut(host, ".")
	return cmp.Or(host, "computer") + " · " + cmp.Or(system, runtime.GOOS)
}

// printed is a name as enrolment takes it.
func printed(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	for len(name) > protocol.DesktopNameMaxBytes {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return cmp.Or(strings.TrimSpace(name), "computer")
}
