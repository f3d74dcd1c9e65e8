package credentials

// stands is the condition under which a link e, for the person p, still does something. A
// link is worth what its maker may do when it is used, not when it was made: otherwise
// whoever keeps one for a member who becomes an administrator, or the creator, would come by
// that member's new rights, and an administrator who was removed would go on resetting
// people.
//
//   - The platform's own links stand.
//   - An operator's link stands while they are one; with it nobody gets new credentials.
//   - A company's link stands while its maker administers the company: an external admin's for
//     who is no administrator, a sub-admin's only for such who are theirs altogether, anybody's
//     for a creator only when it is the creator's own.
//   - An external administrator's link ends with their rights.
const stands = `(e.made_by = 0
	OR COALESCE(p.account, '') = '' AND EXISTS (SELECT 1 FROM operators WHERE person_id = e.made_by)
	OR EXISTS (SELECT 1 FROM admins a WHERE a.corp_id = e.corp_id AND a.person_id = e.made_by
		AND NOT EXISTS (SELECT 1 FROM members d WHERE d.corp_id = a.corp_id AND d.person_id = a.person_id AND d.status = 2)
		AND NOT EXISTS (SELECT 1 FROM admins t WHERE t.corp_id = e.corp_id AND t.person_id = e.person_id
			AND (a.kind IN (3, 4) OR t.kind = 1 AND t.person_id <> e.made_by))
		AND (a.kind <> 4 OR NOT EXISTS (SELECT 1 FROM member_departments md WHERE md.member_id = e.member_id AND NOT EXISTS (
			WITH RECURSIVE up (number, parent) AS (
				SELECT number, parent FROM departments WHERE corp_id = e.corp_id AND number = md.department
				UNION
				SELECT d.number, d.parent FROM departments d JOIN up ON d.corp_id = e.corp_id AND d.number = up.parent)
			SELECT 1 FROM up JOIN admin_departments w ON w.admin_id = a.id AND w.writable AND w.department = up.number)))))
	AND (e.kind <> 'admin' OR EXISTS (SELECT 1 FROM admins t
		WHERE t.corp_id = e.corp_id AND t.person_id = e.person_id AND t.kind = 3))`
