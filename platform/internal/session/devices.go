package session

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// MaxDevices is how many sessions a person may have; one more ends the oldest.
const MaxDevices = 50

// maxBrowser bounds what of a User-Agent is kept, in bytes.
const maxBrowser = 300

// ErrNoDevice says that a person has no such device.
var ErrNoDevice = errors.New("session: no such device")

// Device is a browser in which a person is signed in.
type Device struct {
	ID      int64
	Part    string // of the platform: "phone", "console"
	Session string // Session.ID of the session there
	Browser string // its User-Agent
	Address string // from where it signed in
	Since   time.Time
}

// list writes a session that is about to start into the list of devices.
func (k *Keeper) list(ctx context.Context, r *http.Request, s Session) error {
	devices, err := k.rows(ctx, s.Person)
	if err != nil {
		return err
	}
	for len(devices) >= MaxDevices { // newest first
		last := devices[len(devices)-1]
		if err := k.end(ctx, last.Part, last.Session); err != nil {
			return err
		}
		devices = devices[:len(devices)-1]
	}
	browser := r.UserAgent()
	if len(browser) > maxBrowser {
		browser = browser[:maxBrowser]
	}
	_, err = k.DB.Exec(ctx, `INSERT INTO devices (id, person_id, part, session, browser, address, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, k.DB.NewID(), s.Person, k.Part, s.ID, browser,
		respond.ClientAddr(r).String(), s.Since.UnixMilli())
	return err
}

// Devices lists where a person is signed in, newest first, in all parts of the platform.
func (k *Keeper) Devices(ctx context.Context, person int64) ([]Device, error) {
	all, err := k.rows(ctx, person)
	if err != nil {
		return nil, err
	}
	var alive []Device
	for _, d := range all {
		rec, err := k.Store.Get(ctx, recordKey(d.Part, d.Session))
		if err != nil && !errors.Is(err, shortlived.ErrNotFound) {
			return nil, err
		}
		if err == nil && len(rec.Value) > 0 && k.Now().Before(rec.Expires) {
			alive = append(alive, d)
			continue
		}
		// A session that expired or was lost leaves its line behind. One that is just
		// starting is listed before it exists: its line stays.
		if k.Now().Sub(d.Since) > time.Minute {
			if err := k.forget(ctx, d.Session); err != nil {
				return nil, err
			}
		}
	}
	return alive, nil
}

func (k *Keeper) rows(ctx context.Context, person int64) ([]Device, error) {
	rows, err := k.DB.Query(`SELECT id, part, session, browser, address, created_at FROM devices
		WHERE person_id = $1 ORDER BY created_at DESC, id DESC`).Rows(ctx, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Device
	for rows.Next() {
		var d Device
		var since int64
		if err := rows.Scan(&d.ID, &d.Part, &d.Session, &d.Browser, &d.Address, &since); err != nil {
			return nil, err
		}
		d.Since = time.UnixMilli(since)
		list = append(list, d)
	}
	return list, rows.Err()
}

// Alive tells whether the session of this id, which is of this part, goes on.
func (k *Keeper) Alive(ctx context.Context, id string) (bool, error) {
	rec, err := k.Store.Get(ctx, k.key(id))
	if errors.Is(err, shortlived.ErrNotFound) {
		return false, nil
	}
	return err == nil && len(rec.Value) > 0 && k.Now().Before(rec.Expires), err
}

// EndDevice signs a person out on one of their devices; ErrNoDevice where it is none of
// theirs.
func (k *Keeper) EndDevice(ctx context.Context, person, id int64) error {
	devices, err := k.rows(ctx, person)
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.ID == id {
			return k.end(ctx, d.Part, d.Session)
		}
	}
	return ErrNoDevice
}

// EndOthers signs a person out everywhere but in the session keepID.
func (k *Keeper) EndOthers(ctx context.Context, person int64, keepID string) error {
	devices, err := k.rows(ctx, person)
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.Session == keepID {
			continue
		}
		if err := k.end(ctx, d.Part, d.Session); err != nil {
			return err
		}
	}
	return nil
}

// EndAll signs a person out everywhere.
func (k *Keeper) EndAll(ctx context.Context, person int64) error {
	return k.EndOthers(ctx, person, "")
}

// end ends a session of any part, and takes it off the list.
func (k *Keeper) end(ctx context.Context, part, id string) error {
	for {
		rec, err := k.Store.Get(ctx, recordKey(part, id))
		if errors.Is(err, shortlived.ErrNotFound) || err == nil && len(rec.Value) == 0 {
			break
		}
		if err != nil {
			return err
		}
		err = k.Store.Swap(ctx, recordKey(part, id), rec.Version, nil, rec.Expires)
		if err == nil || errors.Is(err, shortlived.ErrNotFound) {
			break
		}
		if !errors.Is(err, shortlived.ErrConflict) {
			return err
		}
	}
	return k.forget(ctx, id)
}

func (k *Keeper) forget(ctx context.Context, id string) error {
	_, err := k.DB.Exec(ctx, `DELETE FROM devices WHERE session = $1`, id)
	return err
}
