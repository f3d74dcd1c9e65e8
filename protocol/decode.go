package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// ErrMalformed is the error of every decoder in this package: the input is
// not of the expected form. It never quotes the input, which may be secret.
var ErrMalformed = errors.New("malformed message")

// Decode reads one JSON object into v, a pointer to a message of this
// package. A byte order mark and unknown fields are ignored; anything but one
// object is ErrMalformed.
func Decode(data []byte, v any) error {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(data) == 0 || data[0] != '{' {
		return ErrMalformed
	}
	// The cause is dropped on purpose: encoding/json quotes numbers of the input.
	if json.Unmarshal(data, v) != nil {
		return ErrMalformed
	}
	return nil
}

// Int is a whole number that encodes as a number and decodes from a number or
// a numeric string; null and the empty string are zero.
type Int int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *Int) UnmarshalJSON(b []byte) error {
	v, err := number(b, 64)
	*n = Int(v)
	return err
}

// Text is a string that encodes as a string and decodes from a string or a
// number, such as gender or agentid; null is the empty string.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		*t = ""
	case b[0] == '"':
		var s string
		if json.Unmarshal(b, &s) != nil {
			return ErrMalformed
		}
		*t = Text(s)
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		*t = Text(b)
	default:
		return ErrMalformed
	}
	return nil
}

// number reads a JSON number, numeric string, null or empty string.
func number(b []byte, bits int) (int64, error) {
	s := string(bytes.Trim(b, `"`))
	if s == "null" || s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		return 0, ErrMalformed
	}
	return n, nil
}
