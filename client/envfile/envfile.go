// Package envfile writes and reads what a client of the sandbox needs: a file of
// NAME=value lines, and the shell exports made from it.
package envfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Values are NAME=value pairs in the order in which they were written.
type Values []Pair

// Pair is one line.
type Pair struct{ Name, Value string }

// Add appends a line.
func (v *Values) Add(name, value string) { *v = append(*v, Pair{Name: name, Value: value}) }

// Get is the value of a name; empty where there is none.
func (v Values) Get(name string) string {
	for _, p := range v {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Check fails where Write could not make its file, or would replace one that is no env file:
// the path may come from a settings file that came with somebody's project.
func Check(path string) error {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return fmt.Errorf("env file: %s is not a file", path)
		}
		if _, err := Read(path); err != nil {
			return fmt.Errorf("%w; it would be replaced, so move it away first", err)
		}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".env-*")
	if err != nil {
		return fmt.Errorf("env file: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Write replaces a file at once, readable by its owner only: it holds secrets. Pairs with
// an empty value are left out. A value with a line break is refused.
func Write(path string, values Values) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".env-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("env file: %w", err)
	}
	defer os.Remove(f.Name())
	for _, p := range values {
		if strings.ContainsAny(p.Value, "\r\n") {
			return fmt.Errorf("env file: the value of %s has a line break", p.Name)
		}
		if p.Value == "" {
			continue
		}
		if _, err := fmt.Fprintf(f, "%s=%s\n", p.Name, p.Value); err != nil {
			return fmt.Errorf("env file: %w", err)
		}
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("env file: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("env file: %w", err)
	}
	return nil
}

// Read reads such a file. Empty lines and lines that begin with # are skipped. A name is of
// letters, digits and _, for Exports puts it into a shell's command as it is.
func Read(path string) (Values, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("env file: %w", err)
	}
	defer f.Close()
	var values Values
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok || !isName(name) {
			return nil, fmt.Errorf("env file: line %d of %s is not NAME=value", n, path)
		}
		values.Add(name, value)
	}
	return values, lines.Err()
}

// isName tells whether a shell takes s for the name of a variable.
func isName(s string) bool {
	return s != "" && (s[0] < '0' || s[0] > '9') && !strings.ContainsFunc(s, func(c rune) bool {
		return c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}

// Exports prints shell exports that point each kind of client at the sandbox: base URLs for
// clients that take them; proxy and local authority, when the sandbox has them, for clients
// that know only WeCom's host names.
func Exports(w io.Writer, values Values) error {
	out := &printer{w: w}
	out.line("# Credentials and addresses of the sandbox.")
	for _, p := range values {
		out.export(p.Name, p.Value)
	}
	ca, proxy, tls := values.Get("HUFU_CA"), values.Get("HUFU_PROXY"), values.Get("HUFU_TLS")
	if ca == "" || proxy == "" {
		out.line("# Clients with fixed host names need `hufu demo --wecom-hosts` and an env file written by it.")
		return out.err
	}
	out.line("# Clients with fixed host names: WeCom's names lead to the sandbox through this proxy,")
	out.line("# which refuses every other host.")
	out.export("HTTPS_PROXY", proxy)
	out.export("https_proxy", proxy)
	out.line("# Trust in the sandbox's authority, for this shell only.")
	out.line("# Go, Ruby, OpenSSL:")
	out.export("SSL_CERT_FILE", ca)
	out.line("# Node.js:")
	out.export("NODE_EXTRA_CA_CERTS", ca)
	out.line("# Python (requests):")
	out.export("REQUESTS_CA_BUNDLE", ca)
	out.line("# curl:")
	out.export("CURL_CA_BUNDLE", ca)
	out.line("# PHP: php -d curl.cainfo=" + quote(ca) + " -d openssl.cafile=" + quote(ca))
	out.line("# Java: keytool -importcert -noprompt -alias hufu -storepass changeit -keystore hufu.jks -file " + quote(ca))
	out.line("#       java -Djavax.net.ssl.trustStore=hufu.jks -Djavax.net.ssl.trustStorePassword=changeit …")
	if tls != "" {
		out.line("# Chromium: or simply `hufu browser URL`")
		out.line("#   --host-resolver-rules=" + quote("MAP *.work.weixin.qq.com "+tls+", MAP qyapi.weixin.qq.com "+tls+", MAP open.weixin.qq.com "+tls))
	}
	return out.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(s string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, s)
	}
}

func (p *printer) export(name, value string) { p.line("export " + name + "=" + quote(value)) }

// quote makes one word of a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
