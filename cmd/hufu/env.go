package main

import (
	"os"

	"github.com/hufu-sso/hufu/client/envfile"
)

type envCommand struct {
	File string `arg:"" help:"File that 'hufu demo --env-file' wrote." type:"existingfile"`
}

// Run prints exports, for eval "$(hufu env FILE)".
func (c *envCommand) Run() error {
	values, err := envfile.Read(c.File)
	if err != nil {
		return err
	}
	return envfile.Exports(os.Stdout, values)
}
