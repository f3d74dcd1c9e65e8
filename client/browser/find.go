package browser

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
)

// ErrNotFound is the error of Find on a machine without a browser that will do.
var ErrNotFound = errors.New("no Chrome, Chromium or Edge found: install one, or name its executable")

// Find returns the executable of an installed Chrome, Chromium or Edge, in
// this order. The error is ErrNotFound.
func Find() (string, error) {
	for _, candidate := range candidates(runtime.GOOS, os.Getenv) {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", ErrNotFound
}

// candidates are the places where goos keeps browsers: names to look up in
// PATH, or whole paths.
func candidates(goos string, env func(string) string) []string {
	var places []string
	switch goos {
	case "darwin":
		for _, root := range []string{"", env("HOME")} {
			for _, app := range []string{"Google Chrome", "Chromium", "Microsoft Edge"} {
				places = append(places, root+"/Applications/"+app+".app/Contents/MacOS/"+app)
			}
		}
	case "windows":
		for _, app := range []string{`Google\Chrome\Application\chrome.exe`, `Chromium\Application\chrome.exe`, `Microsoft\Edge\Application\msedge.exe`} {
			for _, variable := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
				if root := env(variable); root != "" {
					places = append(places, root+`\`+app)
				}
			}
		}
	default:
		places = []string{"google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge-stable", "microsoft-edge"}
	}
	return places
}
