package respond

import (
	"fmt"
	"net/http"
	"time"
)

// NotFound says that there is no such page or thing.
func NotFound() *Problem {
	return &Problem{Status: http.StatusNotFound, Key: "error.not_found"}
}

// MethodNotAllowed says which methods the address takes, as in "GET, HEAD".
func MethodNotAllowed(allow string) *Problem {
	return &Problem{
		Status: http.StatusMethodNotAllowed, Key: "error.method", Allow: allow,
		Facts: []Fact{{Label: "error.fact.allowed", Value: allow}},
	}
}

// BadRequest says that a value is missing or malformed; facts name it.
func BadRequest(facts ...Fact) *Problem {
	return &Problem{Status: http.StatusBadRequest, Key: "error.bad_request", Facts: facts}
}

// TooLarge says that the body is over the limit.
func TooLarge() *Problem { return tooLarge(bodyLimit) }

func tooLarge(limit int64) *Problem {
	return &Problem{
		Status: http.StatusRequestEntityTooLarge, Key: "error.too_large",
		Facts: []Fact{{Label: "error.fact.limit", Value: fmt.Sprintf("%d MiB", limit>>20)}},
	}
}

// Expired says that a link or form was good once.
func Expired() *Problem {
	return &Problem{Status: http.StatusGone, Key: "error.expired"}
}

// BadForm says that the form was not sent from our page of this session: the
// csrf field is missing or old.
func BadForm() *Problem {
	return &Problem{Status: http.StatusForbidden, Key: "error.form"}
}

// CrossOrigin says that another site's page sent the request.
func CrossOrigin(cause error) *Problem {
	return &Problem{Status: http.StatusForbidden, Key: "error.cross_origin", Cause: cause}
}

// SignInFirst says that nobody is signed in, where a page cannot redirect to
// the sign-in.
func SignInFirst() *Problem {
	return &Problem{Status: http.StatusUnauthorized, Key: "error.sign_in"}
}

// Forbidden says that this person may not do this.
func Forbidden(cause error) *Problem {
	return &Problem{Status: http.StatusForbidden, Key: "error.forbidden", Cause: cause}
}

// TooMany says that a limit was reached, and when to try again.
func TooMany(retryAfter time.Duration) *Problem {
	return &Problem{Status: http.StatusTooManyRequests, Key: "error.too_many", RetryAfter: retryAfter}
}

// Unavailable says that a store cannot be reached and that it will be again.
func Unavailable(cause error) *Problem {
	return &Problem{Status: http.StatusServiceUnavailable, Key: "error.unavailable", RetryAfter: 5 * time.Second, Cause: cause}
}

// Internal is the failure nobody foresaw.
func Internal(cause error) *Problem {
	return &Problem{Status: http.StatusInternalServerError, Key: "error.internal", Cause: cause}
}

// NotSetUp says that the platform has no operator yet.
func NotSetUp() *Problem {
	return &Problem{Status: http.StatusServiceUnavailable, Key: "error.not_set_up"}
}

// WrongHost says that the platform is not reached under this name.
func WrongHost() *Problem {
	return &Problem{Status: http.StatusMisdirectedRequest, Key: "error.wrong_host"}
}
