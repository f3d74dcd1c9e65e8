package login

import (
	"net/http"
	"net/url"
	"time"
)

// cookies knows how cookies of one origin look: host-only, HttpOnly, Lax, and
// with the __Host- prefix wherever TLS allows it.
type cookies struct {
	secure bool
}

func cookiesFor(origin *url.URL) cookies {
	return cookies{secure: origin.Scheme == "https"}
}

func (c cookies) name(base string) string {
	if c.secure {
		return "__Host-" + base
	}
	return base
}

func (c cookies) set(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (c cookies) clear(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Path: "/", MaxAge: -1,
		Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
