-- +goose Up

-- What the provider console shows of an event; its body is shown to nobody.
ALTER TABLE push_events ADD COLUMN corp_row BIGINT NOT NULL DEFAULT 0;     -- the corp it is about; 0: none
ALTER TABLE push_events ADD COLUMN change_type TEXT NOT NULL DEFAULT '';   -- of change_contact
ALTER TABLE push_events ADD COLUMN repeats BIGINT NOT NULL DEFAULT 0;      -- the event it is sent again for; 0: none
CREATE INDEX push_events_suite ON push_events (suite_row, id);
