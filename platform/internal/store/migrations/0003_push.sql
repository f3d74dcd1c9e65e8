-- +goose Up

-- Events for the callbacks of suites. Owner: package push.
CREATE TABLE push_events (
    id         BIGINT PRIMARY KEY,
    suite_row  BIGINT NOT NULL,
    seq        BIGINT NOT NULL, -- order of delivery within the suite
    info_type  TEXT   NOT NULL,
    body       BYTEA  NOT NULL, -- sealed; empty: made when it is delivered
    state      TEXT   NOT NULL, -- pending, delivered, given_up
    created_at BIGINT NOT NULL,
    UNIQUE (suite_row, seq)
);
CREATE INDEX push_events_pending ON push_events (suite_row, seq) WHERE state = 'pending';
CREATE INDEX push_events_created ON push_events (created_at);

-- Every attempt to deliver one.
CREATE TABLE push_attempts (
    event_id BIGINT NOT NULL REFERENCES push_events (id) ON DELETE CASCADE,
    n        BIGINT NOT NULL, -- from 1
    at       BIGINT NOT NULL,
    ms       BIGINT NOT NULL, -- how long it took
    url      TEXT   NOT NULL, -- where it went, without its query
    status   BIGINT NOT NULL, -- HTTP status; 0: no answer
    step     TEXT   NOT NULL, -- the step that failed; empty: delivered
    detail   TEXT   NOT NULL, -- of the failure
    answer   TEXT   NOT NULL, -- its beginning, printable
    PRIMARY KEY (event_id, n)
);
CREATE INDEX push_attempts_at ON push_attempts (at);
