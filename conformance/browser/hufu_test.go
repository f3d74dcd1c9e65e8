package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// hufu is the built binary running as `hufu demo`.
type hufu struct {
	binary string
	env    map[string]string // what --env-file wrote
	cmd    *exec.Cmd
	log    *bytes.Buffer

	ended chan error
}

// startHufu builds the binary unless HUFU names one, and waits for its env file,
// which is written once everything answers.
func startHufu(ctx context.Context, dir, siteOrigin string, trusted ...string) (*hufu, error) {
	binary := os.Getenv("HUFU")
	if binary == "" {
		binary = filepath.Join(dir, "hufu")
		build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/hufu")
		build.Dir = filepath.Join("..", "..")
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build hufu: %w\n%s", err, out)
		}
	}
	envFile := filepath.Join(dir, "hufu.env")
	args := []string{"demo", "--data", filepath.Join(dir, "data"), "--env-file", envFile, "--site", siteOrigin, "--wecom-hosts",
		"--port", "0", "--control-port", "0", "--tls-addr", "127.0.0.1:0", "--proxy-addr", "127.0.0.1:0"}
	for _, host := range trusted {
		args = append(args, "--trust", host)
	}
	h := &hufu{binary: binary, cmd: exec.CommandContext(ctx, binary, args...), log: new(bytes.Buffer)}
	h.cmd.Stdout, h.cmd.Stderr = h.log, h.log
	h.cmd.Cancel = func() error { return h.cmd.Process.Signal(syscall.SIGTERM) }
	h.cmd.WaitDelay = 10 * time.Second
	if err := h.cmd.Start(); err != nil {
		return nil, err
	}
	h.ended = make(chan error, 1)
	go func() { h.ended <- h.cmd.Wait() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(60 * time.Second)
	for {
		select {
		case err := <-h.ended:
			return nil, fmt.Errorf("hufu ended: %v\n%s", err, h.log)
		case <-limit:
			return nil, errors.New("hufu wrote no env file within a minute")
		case <-tick.C:
			var err error
			if h.env, err = readEnv(envFile); err == nil && h.env["HUFU_CONTROL"] != "" {
				return h, nil
			}
		}
	}
}

// wait returns when the binary has ended, after its context was cancelled.
func (h *hufu) wait() { <-h.ended }

// readEnv reads NAME=value lines.
func readEnv(name string) (map[string]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	env := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			env[name] = strings.Trim(value, `"'`)
		}
	}
	return env, lines.Err()
}

// member is the sample member as the control API names people.
func (h *hufu) member() string { return h.env["HUFU_CORPID"] + "/" + h.env["HUFU_MEMBER"] }

// decide lets the sample member confirm or refuse what a QR code asks.
func (h *hufu) decide(how, qr string) error {
	body, err := json.Marshal(map[string]string{"qr": qr, "member": h.member()})
	if err != nil {
		return err
	}
	_, err = call(http.MethodPost, h.env["HUFU_CONTROL"]+"/"+how, body)
	return err
}

// exchange signs a site in as a site would: ticket, suite token, code. It answers
// the member's open_userid.
func (h *hufu) exchange(code string) (string, error) {
	var ticket struct {
		SuiteTicket string `json:"suite_ticket"`
	}
	id := h.env["HUFU_LOGIN_SUITE_ID"]
	if err := callInto(http.MethodGet, h.env["HUFU_CONTROL"]+"/suites/"+id+"/ticket", nil, &ticket); err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{
		"suite_id": id, "suite_secret": h.env["HUFU_LOGIN_SUITE_SECRET"], "suite_ticket": ticket.SuiteTicket,
	})
	if err != nil {
		return "", err
	}
	var token struct {
		Token string `json:"suite_access_token"`
	}
	if err := callInto(http.MethodPost, h.env["HUFU_API"]+"/cgi-bin/service/get_suite_token", body, &token); err != nil {
		return "", err
	}
	var who struct {
		ErrCode    int    `json:"errcode"`
		ErrMsg     string `json:"errmsg"`
		OpenUserID string `json:"open_userid"`
	}
	address := h.env["HUFU_API"] + "/cgi-bin/service/auth/getuserinfo3rd?suite_access_token=" + token.Token + "&code=" + code
	if err := callInto(http.MethodGet, address, nil, &who); err != nil {
		return "", err
	}
	if who.ErrCode != 0 {
		return "", fmt.Errorf("getuserinfo3rd: %d %s", who.ErrCode, who.ErrMsg)
	}
	return who.OpenUserID, nil
}

func callInto(method, address string, body []byte, into any) error {
	raw, err := call(method, address, body)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func call(method, address string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %d %s", method, request.URL.Path, response.StatusCode, raw)
	}
	return raw, err
}

// port is the port of an address such as https://127.0.0.1:8443 or 127.0.0.1:8443.
func port(address string) string {
	_, after, ok := strings.Cut(address, "://")
	if !ok {
		after = address
	}
	_, p, err := net.SplitHostPort(strings.TrimSuffix(after, "/"))
	if err != nil {
		return "443"
	}
	return p
}
