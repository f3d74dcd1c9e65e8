-- +goose Up

-- A company's log is read newest first. Sign-ins are nearly all of it, so what else was done
-- has an index of its own.
DROP INDEX audit_corp;
CREATE INDEX audit_corp ON audit_entries (corp_id, id);
CREATE INDEX audit_changes ON audit_entries (corp_id, id) WHERE action <> 'signed_in';
