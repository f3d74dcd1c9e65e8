package envfile_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/client/envfile"
)

func TestWriteAndRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "hufu.env")
	if err := os.WriteFile(path, []byte("OLD=1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var values envfile.Values
	values.Add("HUFU_API", "http://localhost:8790")
	values.Add("HUFU_EMPTY", "")
	values.Add("HUFU_ODD", ` a='b' "c" $d=e # `)
	if err := envfile.Write(path, values); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	read, err := envfile.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if read.Get("HUFU_API") != "http://localhost:8790" || read.Get("OLD") != "" || len(read) != 2 {
		t.Errorf("read %v", read)
	}
	if want := strings.TrimRight(values.Get("HUFU_ODD"), " "); read.Get("HUFU_ODD") != want {
		t.Errorf("read %q, want %q", read.Get("HUFU_ODD"), want)
	}

	values.Add("HUFU_BROKEN", "a\nb")
	if err := envfile.Write(path, values); err == nil {
		t.Error("a line break was written")
	}
	if again, err := envfile.Read(path); err != nil || !reflect.DeepEqual(again, read) {
		t.Errorf("after the refusal: %v, %v", again, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".env-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.env")
	if _, err := envfile.Read(path); err == nil {
		t.Error("a file that is not there was read")
	}
	if err := os.WriteFile(path, []byte("# words\n\nA=1\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := envfile.Read(path); err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("read: %v", err)
	}
}

// Whoever wrote the file runs nothing in the shell that takes its exports.
func TestReadRefusesNames(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.env")
	for _, name := range []string{"X;touch pwned;Y", "$(id)", "`id`", "A B", "export A", "A-B", "1A", "", "A\tB", "Ä", "A&B"} {
		if err := os.WriteFile(path, []byte("A=1\n"+name+"=2\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if values, err := envfile.Read(path); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v, %v", name, values, err)
		}
	}
	if err := os.WriteFile(path, []byte("_a1=x\nB_2=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if values, err := envfile.Read(path); err != nil || len(values) != 2 {
		t.Errorf("good names: %v, %v", values, err)
	}
}

// What is no env file is not replaced, whatever a settings file says.
func TestCheckSparesOtherFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x")
	for text, good := range map[string]bool{
		"": true, "A=1\n": true, "# sandbox\nHUFU_API=http://localhost:8790\n": true,
		"alias ll='ls -l'\n": false, "all:\n\tgo build\n": false, "{}": false, "ssh-ed25519 AAAA= me\n": false,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := envfile.Check(path); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := envfile.Check(filepath.Join(dir, "new.env")); err != nil {
		t.Error(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "none", "x.env")} {
		if err := envfile.Check(path); err == nil {
			t.Errorf("%s passed", path)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A shell takes the exports as they are, whatever a value holds.
func TestExports(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell")
	}
	odd := `it's $(false) "x" \ ` + "`false`"
	values := envfile.Values{{Name: "HUFU_ODD", Value: odd}, {Name: "HUFU_CA", Value: "/tmp/o'ca.pem"},
		{Name: "HUFU_PROXY", Value: "http://127.0.0.1:8794"}, {Name: "HUFU_TLS", Value: "127.0.0.1:8443"}}
	shell := func(values envfile.Values) string {
		var exports strings.Builder
		if err := envfile.Exports(&exports, values); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(sh, "-euc", exports.String()+"\n"+`printf '%s|%s|%s|%s' "$HUFU_ODD" "${HTTPS_PROXY-}" "${SSL_CERT_FILE-}" "${NODE_EXTRA_CA_CERTS-}"`)
		command.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	if got, want := shell(values), odd+"|http://127.0.0.1:8794|/tmp/o'ca.pem|/tmp/o'ca.pem"; got != want {
		t.Errorf("%s\n%s", got, want)
	}
	if got := shell(values[:1]); got != odd+"|||" {
		t.Errorf("without --wecom-hosts: %s", got)
	}
}
