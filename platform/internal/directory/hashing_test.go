package directory

import (
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/argon2"
)

// New passwords wait for each other: each takes 19 MiB, and any member may send many at once.
func TestPasswordsAreHashedOneAtATime(t *testing.T) {
	hashing <- struct{}{} // somebody else's
	var over atomic.Bool
	early := make(chan bool, 1)
	go func() {
		HashPassword("correct horse")
		early <- !over.Load()
	}()
	for range 5 { // longer than it would take
		argon2.IDKey([]byte("a password"), make([]byte, 16), argonTime, argonMemory, argonLanes, argonLength)
	}
	over.Store(true)
	<-hashing
	if <-early {
		t.Error("two passwords were hashed at once")
	}
}
