package apps

import (
	"context"
	"fmt"
)

// Callback is where an app's events go (指令回调).
type Callback struct {
	URL            string
	Token          string
	EncodingAESKey string
}

// SuiteCallback reads where a suite's events go; a URL that is empty means nowhere.
func (s *Service) SuiteCallback(ctx context.Context, appRow int64) (Callback, error) {
	var c Callback
	var sealed []byte
	err := s.db.Query(`SELECT callback_url, callback_token, callback_key FROM apps WHERE id = $1`).
		Row(ctx, appRow).Scan(&c.URL, &c.Token, &sealed)
	if err != nil {
		return c, found(err)
	}
	if len(sealed) > 0 {
		key, err := s.keys.Open(callbackLabel(appRow), sealed)
		if err != nil {
			return c, fmt.Errorf("callback key: %w", err)
		}
		c.EncodingAESKey = string(key)
	}
	return c, nil
}

// Suites lists the rows of the suites that have an instruction callback, login suites among
// them: there is nowhere to send the others a ticket.
func (s *Service) Suites(ctx context.Context) ([]int64, error) {
	rows, err := s.db.Query(`SELECT id FROM apps WHERE kind <> 'corp_app' AND callback_url <> '' ORDER BY id`).Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var row int64
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// ProviderCallback reads where a provider's system events go; a URL that is empty means
// nowhere.
func (s *Service) ProviderCallback(ctx context.Context, corpRow int64) (Callback, error) {
	var c Callback
	var sealed []byte
	err := s.db.Query(`SELECT event_url, event_token, event_key FROM providers WHERE corp_id = $1`).
		Row(ctx, corpRow).Scan(&c.URL, &c.Token, &sealed)
	if err != nil {
		return c, found(err)
	}
	if len(sealed) > 0 {
		key, err := s.keys.Open(eventLabel(corpRow), sealed)
		if err != nil {
			return c, fmt.Errorf("event key: %w", err)
		}
		c.EncodingAESKey = string(key)
	}
	return c, nil
}

// SetEventCallback changes where a provider's system events go.
func (s *Service) SetEventCallback(ctx context.Context, corpRow int64, c Callback) error {
	key := []byte{}
	if c.EncodingAESKey != "" {
		key = s.keys.Seal(eventLabel(corpRow), []byte(c.EncodingAESKey))
	}
	return s.write(ctx, `UPDATE providers SET event_url = $2, event_token = $3, event_key = $4 WHERE corp_id = $1`,
		corpRow, c.URL, c.Token, key)
}

func eventLabel(corpRow int64) string { return fmt.Sprintf("events %d", corpRow) }

func callbackLabel(appRow int64) string { return fmt.Sprintf("callback %d", appRow) }
