-- +goose Up

-- Desktop clients that confirm sign-ins in a person's name. Owner: package desktop's service.
CREATE TABLE desktop_clients (
    id         BIGINT PRIMARY KEY,
    person_id  BIGINT NOT NULL REFERENCES persons (id),
    public_key BYTEA  NOT NULL UNIQUE, -- Ed25519
    name       TEXT   NOT NULL,        -- of the machine, as the client says it
    address    TEXT   NOT NULL,        -- from which it was signed in
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL         -- 0: never
);
CREATE INDEX desktop_clients_person ON desktop_clients (person_id);

-- Whether a suite may ask for sensitive details of members (成员敏感信息授权). Owner: package apps.
ALTER TABLE apps ADD COLUMN sensitive BOOLEAN NOT NULL DEFAULT FALSE;
