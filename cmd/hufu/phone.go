package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hufu-sso/hufu/client/phone"
)

type phoneCommand struct {
	Scan scanCommand `cmd:"" help:"Open the address in a QR code, and confirm or refuse."`
	Open openCommand `cmd:"" help:"Open a link to a sign-in inside the client (网页授权), and say where it leads."`
}

type scanCommand struct {
	URL      string `arg:"" help:"Address in the QR code."`
	As       string `help:"Whose phone this is: CORPID/USERID of a sandbox's member." placeholder:"CORPID/USERID"`
	Account  string `help:"Account to sign in with, where there is no person picker; the password is HUFU_PASSWORD."`
	Password string `hidden:"" env:"HUFU_PASSWORD"`
	Number   string `help:"The number that the page shows, when one is asked for."`
	Confirm  bool   `help:"Confirm without asking." xor:"decision"`
	Refuse   bool   `help:"Refuse without asking." xor:"decision"`
	Report   bool   `help:"Say that you did not start this." xor:"decision"`
}

// Run scans, decides, and says how it ended.
func (c *scanCommand) Run(ctx context.Context) error {
	o := phone.Options{As: c.As, Account: c.Account, Password: c.Password, Number: c.Number, Ask: askOn(os.Stdout, os.Stdin), Out: os.Stdout}
	switch {
	case c.Confirm:
		o.Decision = phone.Confirm
	case c.Refuse:
		o.Decision = phone.Refuse
	case c.Report:
		o.Decision = phone.Report
	}
	err := phone.Scan(ctx, c.URL, o)
	if errors.Is(err, phone.ErrOpen) {
		return fmt.Errorf("%w: hufu phone open", err)
	}
	return whose(err)
}

type openCommand struct {
	URL      string   `arg:"" help:"Link to …/connect/oauth2/authorize on the platform."`
	As       string   `help:"Whose phone this is: CORPID/USERID of a sandbox's member." placeholder:"CORPID/USERID"`
	Account  string   `help:"Account to sign in with, where there is no person picker; the password is HUFU_PASSWORD."`
	Password string   `hidden:"" env:"HUFU_PASSWORD"`
	Confirm  bool     `help:"Agree, where the page asks, without being asked." xor:"decision"`
	Refuse   bool     `help:"Refuse, where the page asks, without being asked." xor:"decision"`
	Show     []string `help:"With --confirm: a detail to show where the app asks for details, such as mobile, or all. Default: none." placeholder:"DETAIL"`
	Address  bool     `name:"print-address" help:"Print the app's address with the code in it, and nothing else, on standard output. Who reads a code can try to use it: keep it out of logs."`
}

// Run opens the link, answers, and says where it leads.
func (c *openCommand) Run(ctx context.Context) error {
	out := os.Stdout
	if c.Address {
		out = os.Stderr // what a script reads is the address alone
	}
	o := phone.OpenOptions{Details: c.Show, Options: phone.Options{As: c.As, Account: c.Account, Password: c.Password,
		Ask: askOn(out, os.Stdin), Out: out}}
	switch {
	case c.Confirm:
		o.Decision = phone.Confirm
	case c.Refuse:
		o.Decision = phone.Refuse
	}
	opened, err := phone.Open(ctx, c.URL, o)
	if err == nil && c.Address {
		fmt.Println(opened.Address)
	}
	return whose(err)
}

// whose says how to name the phone's owner where nobody was named.
func whose(err error) error {
	if errors.Is(err, phone.ErrNobody) || errors.Is(err, phone.ErrAsForm) {
		return fmt.Errorf("%w: --as CORPID/USERID，见 hufu demo --env-file 写的文件 both are in the file of 'hufu demo --env-file': "+
			"HUFU_CORPID/HUFU_MEMBER", err)
	}
	return err
}

// askOn asks on out and reads one line an answer; where the input has ended, nobody is there to be asked.
func askOn(out io.Writer, in io.Reader) func(string) (string, error) {
	lines := bufio.NewScanner(in)
	return func(question string) (string, error) {
		fmt.Fprint(out, question, " ")
		if !lines.Scan() {
			return "", errors.Join(errors.New("no answer"), lines.Err())
		}
		return strings.TrimSpace(lines.Text()), nil
	}
}
