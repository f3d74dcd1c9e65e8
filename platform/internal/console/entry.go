package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// Before there is a session, the forms of the sign-in are held by a cookie: a page that was
// opened in one browser signs no other one in.
const entryName = "hufu_entry"

func (s *Service) cookieName(name string) string {
	if s.Sessions.Secure {
		return "__Host-" + name
	}
	return name
}

func (s *Service) setCookie(w http.ResponseWriter, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(name), Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: s.Sessions.Secure, SameSite: http.SameSiteLaxMode})
}

func (s *Service) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// entryLen is the length of the cookie's value: 32 bytes in base64url.
const entryLen = 43

// entry is the csrf token of this browser's sign-in forms; it sets the cookie where there is
// none.
func (s *Service) entry(w http.ResponseWriter, r *http.Request) string {
	value := s.cookie(r, entryName)
	if len(value) != entryLen {
		var b [32]byte
		rand.Read(b[:])
		value = base64.RawURLEncoding.EncodeToString(b[:])
		s.setCookie(w, entryName, value, 0)
	}
	return entryToken(value)
}

func entryToken(value string) string {
	h := hmac.New(sha256.New, []byte(value))
	h.Write([]byte("console entry"))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// checkEntry refuses a form that another browser's page gave.
func (s *Service) checkEntry(r *http.Request) error {
	value := s.cookie(r, entryName)
	if len(value) != entryLen || !hmac.Equal([]byte(r.PostFormValue("csrf")), []byte(entryToken(value))) {
		return respond.BadForm()
	}
	return nil
}
