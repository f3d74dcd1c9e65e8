package desktop

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// hold is how long a wait is held.
const hold = 25 * time.Second

// statuses are the words for the states of a client's sign-in; another state is QRErr.
var statuses = map[attempt.State]protocol.QRStatus{
	attempt.Created: protocol.QRNever, attempt.Scanned: protocol.QRScanning, attempt.Confirmed: protocol.QRSuccess,
	attempt.Refused: protocol.QRFail, attempt.Cancelled: protocol.QRCancel, attempt.TimedOut: protocol.QRTimeout,
}

// wait answers how a client's sign-in stands once that is not what the client knows.
func (h *Handler) wait(w http.ResponseWriter, r *http.Request) error {
	raw, err := body(w, r)
	if err != nil {
		return err
	}
	in := protocol.DesktopWait{LastStatus: protocol.QRNever}
	if err := read(raw, &in); err != nil {
		return err
	}
	if !h.Attempts.SignedDevice(in.WebKey, header(r, "Authorization")) {
		return refused(protocol.DesktopUnsigned)
	}
	last := attempt.Created
	for state, status := range statuses {
		if status == in.LastStatus {
			last = state
		}
	}
	a, err := h.Attempts.Wait(r.Context(), in.WebKey, last, hold)
	if errors.Is(err, attempt.ErrGone) {
		return respond.WriteJSON(w, protocol.DesktopWaited{Status: protocol.QRErr})
	}
	if err != nil {
		return err
	}
	state := a.State(h.Now())
	out := protocol.DesktopWaited{Status: statuses[state]}
	switch {
	case out.Status == "":
		out.Status = protocol.QRErr
	case state == attempt.Scanned && a.Number != 0:
		out.Number = strconv.FormatInt(a.Number, 10)
	}
	return respond.WriteJSON(w, out)
}
