package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// Step names the part of a request that failed. The values are stable: they
// are stored with a delivery's record and are keys of translations.
type Step string

// The steps of a request.
const (
	StepURL       Step = "url"             // the URL itself cannot be asked
	StepDNS       Step = "dns"             // its name has no address
	StepAddress   Step = "refused address" // its address is one we do not connect to
	StepConnect   Step = "connect"         // nobody listens there, or no way leads there
	StepTLS       Step = "tls"             // no TLS, or a certificate that does not hold
	StepTimeout   Step = "timeout"         // the time limit passed
	StepAnswer    Step = "answer"          // the connection broke, or what came is not HTTP
	StepStatus    Step = "status"          // the status is not 2xx
	StepTooLarge  Step = "too large"       // the answer is longer than MaxBody
	StepRedirect  Step = "redirect"        // the answer sends us elsewhere
	StepCancelled Step = "cancelled"       // the caller gave up
)

// Error is a failed request. Its text holds neither the URL nor anything the
// other side sent, and may be shown and logged.
type Error struct {
	Step   Step
	Detail string // a few English words, such as "no such host"
}

func (e *Error) Error() string { return string(e.Step) + ": " + e.Detail }

// phase is how far a request has come.
type phase int32

const (
	phaseConnect phase = iota
	phaseDNS
	phaseTLS
	phaseWait
	phaseRead
)

// tracer follows one request. Its hooks run on the transport's goroutines,
// some of them after the request was given up.
type tracer struct{ at atomic.Int32 }

func (t *tracer) set(p phase) { t.at.Store(int32(p)) }

func (t *tracer) attach(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:             func(httptrace.DNSStartInfo) { t.set(phaseDNS) },
		ConnectStart:         func(_, _ string) { t.set(phaseConnect) },
		TLSHandshakeStart:    func() { t.set(phaseTLS) },
		GotConn:              func(httptrace.GotConnInfo) { t.set(phaseWait) },
		GotFirstResponseByte: func() { t.set(phaseRead) },
	})
}

// explain turns an error of the transport into one that names the step.
func (t *tracer) explain(ctx context.Context, err error) *Error {
	at := phase(t.at.Load())
	var refused *Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.Is(ctx.Err(), context.Canceled):
		return &Error{Step: StepCancelled, Detail: "given up before an answer"}
	case ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded):
		return &Error{Step: StepTimeout, Detail: at.whileTimedOut()}
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return &Error{Step: StepDNS, Detail: "no such host"}
		}
		return &Error{Step: StepDNS, Detail: "lookup failed"}
	}
	switch at {
	case phaseDNS, phaseConnect:
		return &Error{Step: StepConnect, Detail: "no connection"}
	case phaseTLS:
		return &Error{Step: StepTLS, Detail: tlsDetail(err)}
	default:
		return &Error{Step: StepAnswer, Detail: "connection broken or not HTTP"}
	}
}

func (p phase) whileTimedOut() string {
	switch p {
	case phaseDNS:
		return "while looking up the name"
	case phaseConnect:
		return "while connecting"
	case phaseTLS:
		return "during the TLS handshake"
	case phaseWait:
		return "no answer"
	default:
		return "answer not complete"
	}
}

func tlsDetail(err error) string {
	var (
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		plain    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		return "certificate signed by an unknown authority"
	case errors.As(err, &hostname):
		return "certificate is for another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "certificate expired or not yet valid"
	case errors.As(err, &invalid):
		return "certificate not valid"
	case errors.As(err, &plain):
		return "no TLS spoken there"
	default:
		return "handshake failed"
	}
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprintf("%d", status)
}
