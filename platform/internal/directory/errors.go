package directory

import "errors"

// What the rules refuse. A value that no member or department may have is an InvalidError.
var (
	ErrTaken         = errors.New("directory: another member of the corp has this userid")
	ErrMobileTaken   = errors.New("directory: another member of the corp has this mobile")
	ErrEmailTaken    = errors.New("directory: another member of the corp has this email")
	ErrNoDepartment  = errors.New("directory: the corp has no such department")
	ErrNameTaken     = errors.New("directory: a sibling has this name")
	ErrNotEmpty      = errors.New("directory: members or departments are in it")
	ErrRoot          = errors.New("directory: the root department stays where it is")
	ErrCycle         = errors.New("directory: a department cannot be beneath itself")
	ErrTooDeep       = errors.New("directory: departments lie deeper than MaxDepth")
	ErrAlreadyMember = errors.New("directory: the person is a member of the corp already")
	ErrEnrolled      = errors.New("directory: the member has enrolled already")

	ErrCreatorStays = errors.New("directory: the creator stays until another takes over")
	ErrLastAdmin    = errors.New("directory: the corp would have no creator or system admin left")
	ErrAlreadyAdmin = errors.New("directory: the person is an admin of the corp already")
	ErrNotActive    = errors.New("directory: the member is disabled or has not enrolled")
)

// InvalidError names a value that breaks a rule. It is made anew for each value.
type InvalidError struct {
	Field string // userid, name, alias, position, mobile, email, gender, departments, parent, order, kind
	Rule  string // missing, long, form, many
}

func (e *InvalidError) Error() string { return "directory: " + e.Field + ": " + e.Rule }
