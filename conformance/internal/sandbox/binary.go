package sandbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Binary is the path of the program under test. Main sets it.
var Binary string

// Main is a TestMain: it builds the binary, unless HUFU_BINARY names one, and runs the tests.
func Main(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	if Binary = os.Getenv("HUFU_BINARY"); Binary != "" {
		abs, err := filepath.Abs(Binary)
		if err != nil {
			return 0, err
		}
		Binary = abs
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "hufu-conformance-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	root, err := parentModule()
	if err != nil {
		return 0, err
	}
	Binary = filepath.Join(dir, "hufu")
	build := exec.Command("go", "build", "-o", Binary, "./cmd/hufu")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build hufu: %w\n%s", err, out)
	}
	return m.Run(), nil
}

// parentModule is the folder of the module that holds the program.
func parentModule() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	file := strings.TrimSpace(string(out))
	if !filepath.IsAbs(file) {
		return "", errors.New("not in a module")
	}
	return filepath.Dir(filepath.Dir(file)), nil
}

// Needs skips a test where a program or a file is missing; with HUFU_TEST_ALL=1 the test
// fails instead.
func Needs(t testing.TB, what ...string) {
	t.Helper()
	for _, name := range what {
		var err error
		if strings.ContainsRune(name, filepath.Separator) {
			_, err = os.Stat(name)
		} else {
			_, err = exec.LookPath(name)
		}
		if err == nil {
			continue
		}
		if os.Getenv("HUFU_TEST_ALL") == "1" {
			t.Fatalf("%s is missing: .ci/needs installs it", name)
		}
		t.Skipf("%s is missing: .ci/needs installs it", name)
	}
}
