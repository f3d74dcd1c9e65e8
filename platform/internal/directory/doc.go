// Package directory keeps corps, departments, members and the persons behind them,
// and the rules that join them.
//
// A person owns credentials and may be a member of several corps; a membership owns a
// userid, a name and a place in the corp's tree. Nothing but an explicit membership ever
// joins two of them: not a mobile number, not an email, not a userid.
//
// Which applications a corp has, and who may see what, is the business of package apps.
package directory
