-- +goose Up

-- What people prove themselves with, and where they are signed in. Owner: package credentials.
CREATE TABLE passkeys (
    id            BIGINT PRIMARY KEY,
    person_id     BIGINT NOT NULL REFERENCES persons (id),
    credential_id BYTEA  NOT NULL UNIQUE,
    credential    BYTEA  NOT NULL, -- JSON: public key, counter, flags
    name          TEXT   NOT NULL, -- given by the person
    created_at    BIGINT NOT NULL,
    used_at       BIGINT NOT NULL  -- 0: never
);
CREATE INDEX passkeys_person ON passkeys (person_id);

-- One-time links: who opens one sets up credentials, or joins with those they have.
CREATE TABLE enrolments (
    id          BIGINT PRIMARY KEY,
    secret_hash BYTEA  NOT NULL UNIQUE, -- SHA-256
    kind        TEXT   NOT NULL, -- operator, member, admin (external)
    person_id   BIGINT NOT NULL, -- who it is for; 0: whoever opens it first
    corp_id     BIGINT NOT NULL, -- 0: none
    member_id   BIGINT NOT NULL, -- 0: none
    made_by     BIGINT NOT NULL, -- person row; 0: the platform itself
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL  -- 0: not yet
);
CREATE INDEX enrolments_member ON enrolments (member_id);

-- Browsers in which a person is signed in; the sessions themselves are short-lived records.
CREATE TABLE devices (
    id         BIGINT PRIMARY KEY,
    person_id  BIGINT NOT NULL REFERENCES persons (id),
    part       TEXT   NOT NULL, -- phone, console
    session    TEXT   NOT NULL UNIQUE, -- id of the session: a hash that opens nothing
    browser    TEXT   NOT NULL, -- User-Agent, cut
    address    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX devices_person ON devices (person_id);

-- Who runs the platform (平台运营者).
CREATE TABLE operators (
    person_id  BIGINT PRIMARY KEY REFERENCES persons (id),
    created_at BIGINT NOT NULL
);

-- Administrators of corps. Owner: package directory.
CREATE TABLE admins (
    id         BIGINT PRIMARY KEY,
    corp_id    BIGINT NOT NULL REFERENCES corps (id),
    person_id  BIGINT NOT NULL REFERENCES persons (id),
    member_id  BIGINT NOT NULL, -- 0: external, not in the address book
    kind       BIGINT NOT NULL, -- 1 creator, 2 system, 3 external, 4 sub-admin: the numbers of usertype (91125)
    created_at BIGINT NOT NULL,
    UNIQUE (corp_id, person_id)
);
CREATE INDEX admins_person ON admins (person_id);

-- Departments a sub-admin looks after, with all beneath them.
CREATE TABLE admin_departments (
    admin_id   BIGINT  NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
    department BIGINT  NOT NULL, -- number within the corp
    writable   BOOLEAN NOT NULL, -- may change it, not only see it
    PRIMARY KEY (admin_id, department)
);

-- Apps a sub-admin looks after.
CREATE TABLE admin_apps (
    admin_id BIGINT  NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
    holder   BIGINT  NOT NULL, -- row of the installation or of the corp app
    manage   BOOLEAN NOT NULL, -- may manage it, not only use it
    PRIMARY KEY (admin_id, holder)
);

ALTER TABLE members ADD COLUMN alias TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN search TEXT NOT NULL DEFAULT ''; -- lower case: what a search looks through
ALTER TABLE member_departments ADD COLUMN leader BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX member_departments_department ON member_departments (department, member_id);

-- Providers. Owner: package apps.
ALTER TABLE providers ADD COLUMN old_login BOOLEAN NOT NULL DEFAULT TRUE; -- 3rd_qrConnect and get_login_info
ALTER TABLE providers ADD COLUMN event_url TEXT NOT NULL DEFAULT ''; -- 系统事件接收URL
ALTER TABLE providers ADD COLUMN event_token TEXT NOT NULL DEFAULT '';
ALTER TABLE providers ADD COLUMN event_key BYTEA; -- EncodingAESKey, sealed

CREATE TABLE provider_networks (
    corp_id BIGINT NOT NULL REFERENCES providers (corp_id),
    network TEXT   NOT NULL, -- address or prefix from which its secrets and tokens may be used (IP白名单)
    PRIMARY KEY (corp_id, network)
);

-- Pictures of providers and suites, as PNG made anew from what was uploaded.
CREATE TABLE logos (
    owner  BIGINT PRIMARY KEY, -- provider's corp row, or app row
    digest TEXT   NOT NULL,    -- of the picture: its address
    png    BYTEA  NOT NULL
);
CREATE INDEX logos_digest ON logos (digest);

ALTER TABLE apps ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE;  -- login suite: 登录授权 is switched on; corp app: not stopped
ALTER TABLE apps ADD COLUMN online BOOLEAN NOT NULL DEFAULT TRUE;   -- suite: any corp may install it
ALTER TABLE apps ADD COLUMN submitted BOOLEAN NOT NULL DEFAULT FALSE; -- suite: waits for the operator to put it online
ALTER TABLE apps ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE apps ADD COLUMN home_url TEXT NOT NULL DEFAULT '';      -- 应用主页
ALTER TABLE apps ADD COLUMN business_url TEXT NOT NULL DEFAULT '';  -- 业务设置URL
ALTER TABLE apps ADD COLUMN data_url TEXT NOT NULL DEFAULT '';      -- 数据回调URL

-- Domains a corp has shown to be its own.
CREATE TABLE domain_proofs (
    corp_id   BIGINT NOT NULL REFERENCES corps (id),
    domain    TEXT   NOT NULL, -- host[:port], lower case
    proved_at BIGINT NOT NULL,
    PRIMARY KEY (corp_id, domain)
);

ALTER TABLE installations ADD COLUMN permanent_hash BYTEA; -- SHA-256 of the permanent code; NULL: not yet fetched
ALTER TABLE installations ADD COLUMN generation BIGINT NOT NULL DEFAULT 1; -- raised with the permanent code: older corp tokens die
ALTER TABLE installations ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE installations ADD COLUMN from_site BOOLEAN NOT NULL DEFAULT FALSE; -- begun on the provider's site, not in the market
ALTER TABLE installations ADD COLUMN test BOOLEAN NOT NULL DEFAULT FALSE; -- 测试授权
ALTER TABLE installations ADD COLUMN installed_by BIGINT NOT NULL DEFAULT 0; -- person row

-- Departments and members that an installation or a corp app covers (可见范围).
CREATE TABLE covered (
    holder BIGINT NOT NULL, -- row of the installation or of the corp app
    kind   TEXT   NOT NULL, -- department, member
    ref    BIGINT NOT NULL, -- department number, or member row
    PRIMARY KEY (holder, kind, ref)
);
INSERT INTO covered (holder, kind, ref) SELECT app_id, kind, ref FROM visible_range;
DROP TABLE visible_range;

-- Every call of the API, for the console of the provider or corp whose app called. Owner: package calls.
CREATE TABLE api_calls (
    id       BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    owner    BIGINT NOT NULL, -- corp row of the provider, or of the corp app's corp; 0: unknown
    app_id   BIGINT NOT NULL, -- 0: none
    corp_id  BIGINT NOT NULL, -- corp the call was about; 0: none
    path     TEXT   NOT NULL,
    errcode  BIGINT NOT NULL,
    reason   TEXT   NOT NULL, -- what did not fit; never a secret
    address  TEXT   NOT NULL,
    ms       BIGINT NOT NULL,
    request  TEXT   NOT NULL  -- request id
);
CREATE INDEX api_calls_owner ON api_calls (owner, id);
CREATE INDEX api_calls_at ON api_calls (at);

ALTER TABLE audit_entries ADD COLUMN target TEXT NOT NULL DEFAULT ''; -- whom or what it was done to, for reading
ALTER TABLE audit_entries ADD COLUMN detail TEXT NOT NULL DEFAULT ''; -- never a secret
