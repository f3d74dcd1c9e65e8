package desktop

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/credentials"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// collect makes the device that a phone has confirmed. Who asks is the page that began (the
// signature) and holds the key that the phone was asked about (the call's signature).
func (h *Handler) collect(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	raw, err := body(w, r)
	if err != nil {
		return err
	}
	var in protocol.DesktopCollect
	if err := read(raw, &in); err != nil {
		return err
	}
	if !h.Attempts.SignedDevice(in.WebKey, header(r, "Authorization")) {
		return refused(protocol.DesktopUnsigned)
	}
	a, err := h.Attempts.Get(ctx, in.WebKey)
	if err != nil {
		return err
	}
	// Before the call's nonce is written down: anybody can ask for a QR code, and sign with its key.
	if state := a.State(h.Now()); state != attempt.Confirmed && state != attempt.Collected {
		return attempt.ErrGone
	}
	key, err := protocol.DesktopEncoding.DecodeString(a.Device)
	if err != nil {
		return err
	}
	call, err := h.verify(r, raw, key)
	switch {
	case err != nil:
		return err
	case a.State(h.Now()) == attempt.Confirmed && h.devices.Add(strconv.FormatInt(a.Person, 10)):
		return respond.TooMany(devicesAreCounted)
	case h.calls.Add("collect " + in.WebKey):
		return tooMany()
	}
	if err := h.first(ctx, call); err != nil {
		return err
	}
	if a, err = h.Attempts.CollectDevice(ctx, in.WebKey); err != nil {
		return err
	}
	c, err := h.Credentials.AddDesktopClient(ctx, credentials.DesktopClient{Person: a.Person, Key: key, Name: a.Browser, Address: a.Address.String()})
	if errors.Is(err, credentials.ErrKeyTaken) {
		return refused(protocol.DesktopOver)
	}
	if err != nil {
		return err
	}
	if err := h.stillWanted(ctx, a, c); err != nil {
		return err
	}
	if err := h.Audit.Record(ctx, audit.Entry{Person: a.Person, Action: audit.DesktopAdded, Target: c.Name, Address: a.Address}); err != nil {
		return err
	}
	person, err := h.Directory.Person(ctx, a.Person)
	if err != nil {
		return err
	}
	companies, err := h.companies(ctx, a.Person)
	if err != nil {
		return err
	}
	return respond.WriteJSON(w, protocol.DesktopCollected{DeviceID: strconv.FormatInt(c.ID, 10), Person: person.Name, Companies: companies})
}

// stillWanted takes a device back that was confirmed by a phone whose session has ended since.
// Whoever gets new credentials because a phone was stolen ends its sessions and removes its
// person's clients: this client, written meanwhile, would stay. So it is written first, and
// asked about after.
func (h *Handler) stillWanted(ctx context.Context, a *attempt.Attempt, c credentials.DesktopClient) error {
	alive, err := h.Phones.Alive(ctx, a.Phone)
	if err == nil && (alive || h.Sandbox) {
		return nil
	}
	if _, gone := h.Credentials.RemoveDesktopClient(ctx, c.Person, c.ID); gone != nil && !errors.Is(gone, credentials.ErrNoDesktopClient) {
		return errors.Join(err, gone)
	}
	if err != nil {
		return err
	}
	return refused(protocol.DesktopGone)
}
