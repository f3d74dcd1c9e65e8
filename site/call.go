package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// call is one request of the server API.
type call struct {
	path  string
	query url.Values
	body  any // posted as JSON; nil is a GET
	// secrets are the values sent that no error may show.
	secrets []string
}

// do makes a call and reads its answer, a pointer to a message with an
// embedded protocol.Failure, which a failure is returned as.
func (c *Client) do(ctx context.Context, call call, answer interface{ Err() error }) error {
	body, err := c.send(ctx, call)
	if err == nil {
		err = readAnswer(body, answer)
	}
	if err != nil {
		return fmt.Errorf("site: %s: %w", call.path, call.clean(err))
	}
	return nil
}

func (c *Client) send(ctx context.Context, call call) ([]byte, error) {
	if c.api == nil {
		return nil, errors.New("Config.API is not an http or https base URL")
	}
	target := *c.api
	target.Path += call.path
	target.RawQuery = call.query.Encode()

	method, content := http.MethodGet, io.Reader(nil)
	if call.body != nil {
		b, err := json.Marshal(call.body)
		if err != nil {
			return nil, err
		}
		method, content = http.MethodPost, bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if call.body != nil {
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: HTTP status %d", ErrAnswer, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrAnswer, maxAnswer)
	}
	return body, nil
}

func readAnswer(body []byte, answer interface{ Err() error }) error {
	if err := protocol.Decode(body, answer); err != nil {
		// What a portal or proxy sends begins with "<"; worth telling apart.
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
			return fmt.Errorf("%w: HTML or XML instead of JSON", ErrAnswer)
		}
		return fmt.Errorf("%w: not a JSON object of the expected form", ErrAnswer)
	}
	return answer.Err()
}

// clean returns err without anything that the call sent. http.Client's own
// errors show the whole URL; a platform's errmsg might echo what it got.
func (c call) clean(err error) error {
	for u := (*url.Error)(nil); errors.As(err, &u); {
		err = u.Err
	}
	if failure := (protocol.Failure{}); errors.As(err, &failure) {
		failure.ErrMsg = c.scrub(failure.ErrMsg)
		return failure
	}
	if text := err.Error(); !errors.Is(err, ErrAnswer) && c.scrub(text) != text {
		return errors.New(c.scrub(text)) // not wrapped: its cause would still show it
	}
	return err
}

// scrub spares values too short to be a secret: replacing those garbles texts.
func (c call) scrub(text string) string {
	const shortest = 8
	for _, s := range c.secrets {
		if len(s) >= shortest {
			text = strings.ReplaceAll(text, s, "***")
			text = strings.ReplaceAll(text, url.QueryEscape(s), "***")
		}
	}
	return text
}
