package keep

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// Device is what a person's client is at a platform.
type Device struct {
	Key ed25519.PrivateKey
	// ID is the platform's name for the device; empty until a phone has confirmed it.
	ID string
}

// SignedIn tells whether a phone has confirmed the device.
func (d Device) SignedIn() bool { return d.ID != "" }

// String says nothing: a Device is a secret.
func (d Device) String() string { return "device" }

// GoString says nothing.
func (d Device) GoString() string { return "device" }

// record is a Device as it is kept.
type record struct {
	Platform string `json:"platform"`
	Seed     string `json:"seed"` // of the key, base64url without padding
	ID       string `json:"id,omitempty"`
}

var encoding = base64.RawURLEncoding.Strict()

// ErrBroken is the error of Load when what was kept cannot be read.
var ErrBroken = errors.New("the device key that is kept cannot be read")

func encode(platform string, d Device) (string, error) {
	text, err := json.Marshal(record{Platform: platform, Seed: encoding.EncodeToString(d.Key.Seed()), ID: d.ID})
	return string(text), err
}

func decode(platform, text string) (Device, error) {
	var r record
	if json.Unmarshal([]byte(text), &r) != nil || r.Platform != platform {
		return Device{}, ErrBroken
	}
	seed, err := encoding.DecodeString(r.Seed)
	if err != nil || len(seed) != ed25519.SeedSize {
		return Device{}, ErrBroken
	}
	return Device{Key: ed25519.NewKeyFromSeed(seed), ID: r.ID}, nil
}
