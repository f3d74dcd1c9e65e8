-- +goose Up

-- A person owns credentials; memberships in corps are rows of their own.
CREATE TABLE persons (
    id            BIGINT PRIMARY KEY,
    name          TEXT   NOT NULL,
    account       TEXT   NOT NULL,
    account_key   TEXT   NOT NULL UNIQUE, -- lower case
    password_hash TEXT   NOT NULL,        -- argon2id; empty: no password
    created_at    BIGINT NOT NULL
);

CREATE TABLE corps (
    id           BIGINT  PRIMARY KEY,
    corpid       TEXT    NOT NULL,
    corpid_key   TEXT    NOT NULL UNIQUE, -- lower case: a plain corpid is matched without case
    name         TEXT    NOT NULL,
    number_match BOOLEAN NOT NULL,        -- whether the number on the page must be typed on the phone
    created_at   BIGINT  NOT NULL
);

CREATE TABLE departments (
    id        BIGINT PRIMARY KEY,
    corp_id   BIGINT NOT NULL REFERENCES corps (id),
    number    BIGINT NOT NULL, -- the department id of the API; 1 is the root
    parent    BIGINT NOT NULL, -- number of the parent; 0 for the root
    name      TEXT   NOT NULL,
    position  BIGINT NOT NULL, -- order among its siblings, larger first
    UNIQUE (corp_id, number)
);

CREATE TABLE members (
    id         BIGINT PRIMARY KEY,
    corp_id    BIGINT NOT NULL REFERENCES corps (id),
    person_id  BIGINT NOT NULL REFERENCES persons (id),
    userid     TEXT   NOT NULL,
    userid_key TEXT   NOT NULL, -- lower case
    name       TEXT   NOT NULL,
    position   TEXT   NOT NULL,
    mobile     TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    gender     BIGINT NOT NULL, -- 0 unknown, 1 male, 2 female
    status     BIGINT NOT NULL, -- 1 active, 2 disabled, as user/get counts them
    created_at BIGINT NOT NULL,
    UNIQUE (corp_id, userid_key),
    UNIQUE (corp_id, person_id)
);
CREATE INDEX members_person ON members (person_id);

CREATE TABLE member_departments (
    member_id  BIGINT  NOT NULL REFERENCES members (id),
    department BIGINT  NOT NULL, -- number within the member's corp
    main       BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, department)
);

CREATE TABLE providers (
    corp_id           BIGINT PRIMARY KEY REFERENCES corps (id),
    brand_name        TEXT   NOT NULL,
    secret_hash       BYTEA  NOT NULL, -- SHA-256
    secret_generation BIGINT NOT NULL,
    id_key            BYTEA  NOT NULL, -- sealed; makes this provider's encrypted ids, never changes
    created_at        BIGINT NOT NULL
);

-- Suites of providers, their login suite among them, and the apps corps made for themselves.
CREATE TABLE apps (
    id                BIGINT  PRIMARY KEY,
    kind              TEXT    NOT NULL,  -- login_suite, suite, corp_app
    corp_id           BIGINT  NOT NULL REFERENCES corps (id), -- the provider's corp, or the corp that made it
    suite_id          TEXT    NOT NULL,  -- empty for a corp app
    suite_key         TEXT    NOT NULL,  -- lower case
    agentid           BIGINT  NOT NULL,  -- 0 for suites
    name              TEXT    NOT NULL,
    secret_hash       BYTEA   NOT NULL,  -- SHA-256
    secret_generation BIGINT  NOT NULL,
    callback_url      TEXT    NOT NULL,  -- instruction callback; empty: none
    callback_token    TEXT    NOT NULL,
    callback_key      BYTEA   NOT NULL,  -- EncodingAESKey, sealed
    expires_in_url    BOOLEAN NOT NULL,  -- whether the redirect carries expires_in
    created_at        BIGINT  NOT NULL
);
CREATE UNIQUE INDEX apps_suite ON apps (suite_key) WHERE suite_key <> '';
CREATE UNIQUE INDEX apps_agent ON apps (corp_id, agentid) WHERE kind = 'corp_app';

CREATE TABLE app_addresses (
    app_id BIGINT NOT NULL REFERENCES apps (id),
    kind   TEXT   NOT NULL, -- trusted, callback: host[:port]; development: origin; exact: redirect URI
    value  TEXT   NOT NULL,
    PRIMARY KEY (app_id, kind, value)
);

CREATE TABLE installations (
    id         BIGINT  PRIMARY KEY,
    app_id     BIGINT  NOT NULL REFERENCES apps (id),
    corp_id    BIGINT  NOT NULL REFERENCES corps (id),
    agentid    BIGINT  NOT NULL,
    plain_ids  BOOLEAN NOT NULL, -- installed before ids were encrypted (历史授权)
    created_at BIGINT  NOT NULL,
    UNIQUE (app_id, corp_id),
    UNIQUE (corp_id, agentid)
);

-- Departments and members that a corp app covers.
CREATE TABLE visible_range (
    app_id BIGINT NOT NULL REFERENCES apps (id),
    kind   TEXT   NOT NULL, -- department, member
    ref    BIGINT NOT NULL, -- department number, or member row
    PRIMARY KEY (app_id, kind, ref)
);

-- One row per holder of a token; the token's text is derived from it.
CREATE TABLE token_holders (
    kind       TEXT   NOT NULL,
    app_id     BIGINT NOT NULL, -- app row; the corp row for a provider token
    issued_at  BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (kind, app_id)
);

-- Spent codes: time (8 bytes) and id (16 bytes) of the code. Rows stay 24 hours.
CREATE TABLE spent_codes (
    id BYTEA PRIMARY KEY
);

CREATE TABLE consents (
    person_id BIGINT NOT NULL REFERENCES persons (id),
    member_id BIGINT NOT NULL, -- 0: as a person in no company
    app_id    BIGINT NOT NULL REFERENCES apps (id),
    agreed_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, member_id, app_id)
);

CREATE TABLE audit_entries (
    id      BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    corp_id BIGINT NOT NULL, -- 0: no company
    actor   BIGINT NOT NULL, -- person row
    action  TEXT   NOT NULL,
    app_id  BIGINT NOT NULL,
    address TEXT   NOT NULL  -- of the client
);
CREATE INDEX audit_corp ON audit_entries (corp_id, at);
