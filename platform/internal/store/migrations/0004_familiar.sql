-- +goose Up

-- Browsers and networks from which a person has confirmed sign-ins, as digests.
CREATE TABLE familiar (
    person_id BIGINT NOT NULL REFERENCES persons (id),
    digest    BYTEA  NOT NULL,
    since     BIGINT NOT NULL,
    PRIMARY KEY (person_id, digest)
);
