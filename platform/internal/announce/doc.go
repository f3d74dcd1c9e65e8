// Package announce turns what happens to installations and address books into events for the
// suites concerned (protocol.md 6.2): create_auth, change_auth, cancel_auth, change_contact.
//
// An event is made when the thing happens and enqueued in the same transaction, so that it is
// told if, and only if, it happened, and in the order in which it did. Who is told: the suites
// that the corp has installed, and of a member or department only those whose visible range
// covers it, before the change or after it. One that comes into the range is created for the
// suite, one that leaves it is deleted. What is told is what a third party may see: ids as its
// provider sees them, the userid in place of the name, the departments within the range, no
// mobile, no email.
//
// Of a department that is moved within the range, update_party is all that is told: its
// members and what lies beneath it keep their places in it. Where a move crosses the edge of
// the range, everything that came in or went out with it is told one by one.
//
// It has no URLs and no tables. Delivery is push's; the hooks are directory.Service.Changed
// and apps.Service.Told.
package announce
