package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under measurement.
type process struct {
	cmd *exec.Cmd
	dir string
}

func start(ctx context.Context, name string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &process{cmd: cmd}, nil
}

func (p *process) stop() error {
	if p.dir != "" {
		defer os.RemoveAll(p.dir)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Exited() {
		return nil // ended by our signal
	}
	return err
}

// cpu is the processor time the process has used, user and system.
func (p *process) cpu() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("processor time is read from /proc: %w", err)
	}
	// The second field, the name, may hold blanks; it ends with the last parenthesis.
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// memory is the resident memory now and at its peak, in MiB.
func (p *process) memory() (now, peak float64, err error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
		switch name {
		case "VmRSS":
			now = kib / 1024
		case "VmHWM":
			peak = kib / 1024
		}
	}
	return now, peak, nil
}

// siteOrigin is trusted by the sandbox under measurement; nothing listens there.
const siteOrigin = "http://127.0.0.1:3000"

// freePort is a port of loopback that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// startServer starts the built binary with a fresh sandbox and waits for its env file.
func startServer(ctx context.Context, binary string) (*process, map[string]string, error) {
	dir, err := os.MkdirTemp("", "hufu-bench-")
	if err != nil {
		return nil, nil, err
	}
	env := filepath.Join(dir, "env")
	port, err := freePort()
	if err != nil {
		return nil, nil, err
	}
	p, err := start(ctx, binary, "demo", "--data", filepath.Join(dir, "data"), "--site", siteOrigin, "--env-file", env,
		"--port", port, "--control-port", "0", "--attempts-per-minute", "100000000")
	if err != nil {
		return nil, nil, err
	}
	p.dir = dir
	deadline := time.Now().Add(20 * time.Second)
	for {
		if raw, err := os.ReadFile(env); err == nil {
			values := map[string]string{"base": "http://127.0.0.1:" + port}
			for line := range strings.Lines(string(raw)) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				values[name] = value
			}
			return p, values, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return nil, nil, errors.Join(errors.New("the server did not start"), p.stop())
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// startTime is the time from starting the binary on existing data to its first page.
func startTime(ctx context.Context, binary string) (time.Duration, error) {
	dir, err := os.MkdirTemp("", "hufu-bench-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	port, err := freePort()
	if err != nil {
		return 0, err
	}
	var times []time.Duration
	for range 6 {
		begin := time.Now()
		p, err := start(ctx, binary, "demo", "--data", dir, "--site", siteOrigin,
			"--port", port, "--control-port", "0")
		if err != nil {
			return 0, err
		}
		for {
			resp, err := http.Get("http://127.0.0.1:" + port + "/phone/sign-in")
			if err == nil {
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				break
			}
			if time.Since(begin) > 20*time.Second || ctx.Err() != nil {
				return 0, errors.Join(err, p.stop())
			}
			time.Sleep(time.Millisecond)
		}
		times = append(times, time.Since(begin))
		if err := p.stop(); err != nil {
			return 0, err
		}
	}
	times = times[1:] // the first made the data
	slices.Sort(times)
	return times[len(times)/2], nil
}

// machine names what the figures were measured on.
func machine() string {
	cpu := "unknown processor"
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	commit, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		commit = []byte("unknown")
	}
	return fmt.Sprintf("%s, %d cores, %s, commit %s", cpu, runtime.NumCPU(), runtime.Version(), strings.TrimSpace(string(commit)))
}
