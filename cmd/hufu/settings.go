package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// settingsFile is read from the working folder when --config names no other file.
const settingsFile = "hufu.toml"

// notSettings are flags that a file cannot give: they are said anew each time.
var notSettings = []string{"help", "config", "fresh"}

// BeforeResolve hands the settings file, if there is one, to the parser: its keys are the
// names of the flags, and a flag that was given wins.
func (c *demoCommand) BeforeResolve(ctx *kong.Context) error {
	path := settingsFile
	for _, p := range ctx.Path {
		if p.Flag != nil && p.Flag.Name == "config" {
			path, _ = ctx.FlagValue(p.Flag).(string)
		}
	}
	settings, err := readSettings(path, ctx.Flags())
	if errors.Is(err, fs.ErrNotExist) && path == settingsFile {
		return nil
	}
	if err != nil {
		return err
	}
	ctx.AddResolver(kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		return settings[flag.Name], nil
	}))
	return nil
}

// readSettings reads a TOML file whose keys are names of flags. A key that is no flag's name
// and a value of another type than the flag's are errors.
func readSettings(path string, flags []*kong.Flag) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	var settings map[string]any
	if _, err := toml.Decode(string(text), &settings); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for key, value := range settings {
		i := slices.IndexFunc(flags, func(f *kong.Flag) bool { return f.Name == key })
		if i < 0 || slices.Contains(notSettings, key) {
			return nil, fmt.Errorf("%s: there is no setting %q; 'hufu demo --help' lists them, without the dashes", path, key)
		}
		if want := typeName(flags[i].Target.Type()); want != typeName(reflect.TypeOf(value)) || !allStrings(value) {
			return nil, fmt.Errorf("%s: %s takes %s", path, key, want)
		}
	}
	return settings, nil
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.String:
		return "a text in quotes"
	case reflect.Slice:
		return `a list such as ["a.example.com", "b.example.com"]`
	}
	return t.String()
}

// allStrings is false for a list that holds anything but texts.
func allStrings(value any) bool {
	list, _ := value.([]any)
	return !slices.ContainsFunc(list, func(v any) bool { _, ok := v.(string); return !ok })
}
