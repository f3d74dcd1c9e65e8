package seal

import (
	"net/http"
	"net/url"
	"time"
)

// Cookies knows how cookies of one origin look: host-only, HttpOnly, Lax, and
// with the __Host- prefix wherever TLS allows it.
type Cookies struct {
	secure bool
}

// CookiesFor is how the cookies of an origin look.
func CookiesFor(origin *url.URL) Cookies {
	return Cookies{secure: origin.Scheme == "https"}
}

// Name is base with its prefix.
func (c Cookies) Name(base string) string {
	if c.secure {
		return "__Host-" + base
	}
	return base
}

// Set gives a cookie to the browser that gets w.
func (c Cookies) Set(w http.ResponseWriter, name, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// Clear takes a cookie from the browser that gets w.
func (c Cookies) Clear(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Path: "/", MaxAge: -1,
		Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
