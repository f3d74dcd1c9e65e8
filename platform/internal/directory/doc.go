// Package directory keeps corps, departments, members and the persons behind them,
// and the rules that join them.
//
// A person owns credentials and may be a member of several corps; a membership owns a
// userid, a name and a place in the corp's tree. Nothing but an explicit membership ever
// joins two of them: not a mobile number, not an email, not a userid.
//
// Members are listed and searched in member_places: a row for every department that a member
// is in or beneath, ordered by userid, so that any page of any department is one walk along
// a key. Only this package writes it, and departments.members, which counts the same.
//
// Every change of a member or department is told to Service.Changed inside its transaction.
// Administrators, and the departments and apps that a sub-admin looks after, are read anew
// whenever they are asked for.
//
// Which applications a corp has, and who may see what, is the business of package apps.
package directory
