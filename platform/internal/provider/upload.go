package provider

import (
	"errors"
	"io"
	"net/http"
)

// uploaded reads a file of a form, or answers why not: empty, too_large.
func uploaded(r *http.Request, name string, limit int64) (content []byte, problem string, err error) {
	file, head, err := r.FormFile(name)
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		return nil, "empty", nil
	case err != nil:
		return nil, "", err
	}
	defer file.Close()
	if head.Size > limit {
		return nil, "too_large", nil
	}
	content, err = io.ReadAll(file)
	if err == nil && len(content) == 0 {
		problem = "empty"
	}
	return content, problem, err
}

// picture is the address of a picture; "" where there is none.
func picture(digest string) string {
	if digest == "" {
		return ""
	}
	return "/logo/" + digest + ".png"
}
