-- +goose Up

-- Where members are found: one row for every department that a member is in or beneath, so
-- that each page and search of an address book is one walk along the key. Owner: package
-- directory, which makes it from members, member_departments and departments.
CREATE TABLE member_places (
    corp_id    BIGINT NOT NULL,
    department BIGINT NOT NULL, -- number within the corp
    userid_key TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    direct     BOOLEAN NOT NULL, -- in it, not only beneath
    member_id  BIGINT NOT NULL,
    search     TEXT   NOT NULL, -- as in members
    PRIMARY KEY (corp_id, department, userid_key, status, direct, member_id, search)
);

ALTER TABLE departments ADD COLUMN members BIGINT NOT NULL DEFAULT 0; -- in it and anywhere beneath
CREATE INDEX departments_parent ON departments (corp_id, parent);

CREATE INDEX members_mobile ON members (corp_id, mobile) WHERE mobile <> '';
CREATE INDEX members_email ON members (corp_id, LOWER(email)) WHERE email <> '';
CREATE INDEX admins_member ON admins (member_id) WHERE member_id <> 0;
CREATE INDEX covered_ref ON covered (kind, ref);
CREATE INDEX consents_member ON consents (member_id) WHERE member_id <> 0;

UPDATE members SET search = LOWER(userid) || ' ' || LOWER(name) || ' ' || mobile || ' ' || LOWER(email);
INSERT INTO member_places (corp_id, department, userid_key, status, direct, member_id, search)
WITH RECURSIVE above (corp_id, number, up) AS (
    SELECT corp_id, number, number FROM departments
    UNION
    SELECT a.corp_id, a.number, d.parent FROM above a JOIN departments d ON d.corp_id = a.corp_id AND d.number = a.up
    WHERE d.parent <> 0
)
SELECT m.corp_id, a.up, m.userid_key, m.status, MAX(CASE WHEN a.up = md.department THEN 1 ELSE 0 END) = 1, m.id, m.search
FROM members m JOIN member_departments md ON md.member_id = m.id
JOIN above a ON a.corp_id = m.corp_id AND a.number = md.department
GROUP BY m.corp_id, a.up, m.userid_key, m.status, m.id, m.search;
UPDATE departments SET members = (SELECT COUNT(*) FROM member_places p
    WHERE p.corp_id = departments.corp_id AND p.department = departments.number);

-- Imports of members, record by record, so that a restart goes on where it stopped. Owner:
-- package contacts.
CREATE TABLE imports (
    id         BIGINT PRIMARY KEY,
    corp_id    BIGINT NOT NULL REFERENCES corps (id),
    person_id  BIGINT NOT NULL, -- who uploaded it
    name       TEXT   NOT NULL, -- of the file
    state      TEXT   NOT NULL, -- reading, ready, running, done, cancelled
    total      BIGINT NOT NULL, -- records
    tried      BIGINT NOT NULL, -- the first so many
    created    BIGINT NOT NULL, -- members made
    updated    BIGINT NOT NULL, -- members changed
    failed     BIGINT NOT NULL, -- records refused, in the preview or when tried
    heading    TEXT   NOT NULL, -- JSON array: the first line, as it was uploaded
    ignored    TEXT   NOT NULL, -- JSON array: columns that are not read
    created_at BIGINT NOT NULL
);
CREATE INDEX imports_corp ON imports (corp_id, id);

CREATE TABLE import_records (
    import_id BIGINT NOT NULL REFERENCES imports (id),
    n         BIGINT NOT NULL, -- from 1
    line      BIGINT NOT NULL, -- in the file
    text      TEXT   NOT NULL, -- the line as it was uploaded
    plan      TEXT   NOT NULL, -- create, update; empty: refused
    problem   TEXT   NOT NULL, -- why it is refused; empty: it is not
    PRIMARY KEY (import_id, n)
);
CREATE INDEX import_records_problem ON import_records (import_id, n) WHERE problem <> '';
