package window

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"os"
	"path/filepath"
	"strings"
)

// filePattern is the name of the files that open a window.
const filePattern = "open-*.html"

// submit is the whole script of such a file; its policy allows nothing else.
const submit = "document.forms[0].submit()"

var fileTemplate = template.Must(template.New("open").Parse(`<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '` + hash(submit) + `'; form-action {{.Origin}}; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Hufu</title>
<form method="post" action="{{.Origin}}/open"><input type="hidden" name="secret" value="{{.Secret}}">
<noscript><button>{{.Button}}</button></noscript></form>
<script>` + submit + `</script>
`))

// hash names an inline script in a policy.
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// writeFile makes a file, for its owner alone, that opens a window with a secret.
func writeFile(dir, origin, secret, button string) (path string, err error) {
	var text strings.Builder
	if err := fileTemplate.Execute(&text, struct{ Origin, Secret, Button string }{origin, secret, button}); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, filePattern) // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text.String())
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// removeFile removes a file that has served or is over.
func (s *Server) removeFile(path string) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.Log.Warn("a file could not be removed", "file", path, "error", err)
	}
}

// sweep removes files of a program that was killed.
func sweep(dir string) error {
	old, err := filepath.Glob(filepath.Join(dir, filePattern))
	if err != nil {
		return err
	}
	for _, path := range old {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
