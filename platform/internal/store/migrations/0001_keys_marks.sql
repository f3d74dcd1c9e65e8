-- +goose Up

-- Keys of the platform, each wrapped by a key that is never in the store.
-- Owner: package keys.
CREATE TABLE keys (
    name    TEXT   NOT NULL PRIMARY KEY,
    wrapped BYTEA  NOT NULL,
    created BIGINT NOT NULL
);

-- Facts that hold for the whole life of the store: written once, never changed
-- (triggers see to it). Owner: package store.
CREATE TABLE marks (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
