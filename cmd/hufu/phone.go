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
	o := phone.Options{As: c.As, Account: c.Account, Password: c.Password, Number: c.Number, Ask: ask(os.Stdin), Out: os.Stdout}
	switch {
	case c.Confirm:
		o.Decision = phone.Confirm
	case c.Refuse:
		o.Decision = phone.Refuse
	case c.Report:
		o.Decision = phone.Report
	}
	err := phone.Scan(ctx, c.URL, o)
	if errors.Is(err, phone.ErrNobody) || errors.Is(err, phone.ErrAsForm) {
		return fmt.Errorf("%w: --as CORPID/USERID，见 hufu demo --env-file 写的文件 both are in the file of 'hufu demo --env-file': "+
			"HUFU_CORPID/HUFU_MEMBER", err)
	}
	return err
}

// ask reads one line an answer; where the input has ended, nobody is there to be asked.
func ask(in io.Reader) func(string) (string, error) {
	lines := bufio.NewScanner(in)
	return func(question string) (string, error) {
		fmt.Print(question, " ")
		if !lines.Scan() {
			return "", errors.Join(errors.New("no answer"), lines.Err())
		}
		return strings.TrimSpace(lines.Text()), nil
	}
}
