package protocol

// UserSimpleList is the answer of PathUserSimpleList (90336, 96259): the
// direct members of one department.
type UserSimpleList struct {
	Failure
	UserList []SimpleUser `json:"userlist"`
}

// SimpleUser is a member with the fewest fields.
type SimpleUser struct {
	UserID     string `json:"userid"`
	Name       string `json:"name"`
	Department []Int  `json:"department"`
	OpenUserID string `json:"open_userid,omitempty"`
}

// UserList is the answer of PathUserList (96260): the direct members of one
// department.
type UserList struct {
	Failure
	UserList []ListedUser `json:"userlist"`
}

// ListUserIDs is the request of PathUserListID (96021). Limit is 1 to 10000,
// which is also what 0 means.
type ListUserIDs struct {
	Cursor string `json:"cursor"`
	Limit  Int    `json:"limit,omitempty"`
}

// ListUserIDsMax is the largest Limit of a ListUserIDs.
const ListUserIDsMax = 10000

// UserIDPage is the answer of PathUserListID. NextCursor is empty on the last
// page.
type UserIDPage struct {
	Failure
	NextCursor string     `json:"next_cursor"`
	DeptUser   []DeptUser `json:"dept_user"`
}

// DeptUser is a member in one department: one entry for each of the member's
// departments. A provider that sees encrypted ids gets OpenUserID alone.
type DeptUser struct {
	UserID     string `json:"userid,omitempty"`
	OpenUserID string `json:"open_userid,omitempty"`
	Department Int    `json:"department"`
}

// DepartmentList is the answer of PathDepartmentList (90344): a department
// that is visible, and all beneath it.
type DepartmentList struct {
	Failure
	Department []Department `json:"department"`
}

// DepartmentAnswer is the answer of PathDepartmentGet (95407).
type DepartmentAnswer struct {
	Failure
	Department Department `json:"department"`
}

// Department is a department (部门). A third party sees its id as Name.
type Department struct {
	ID               Int      `json:"id"`
	Name             string   `json:"name"`
	NameEN           string   `json:"name_en,omitempty"`
	DepartmentLeader []string `json:"department_leader,omitempty"`
	ParentID         Int      `json:"parentid"` // 0 for the root
	// Order is a uint32; larger stands first.
	Order Int `json:"order"`
}

// DepartmentSimpleList is the answer of PathDepartmentSimpleList.
type DepartmentSimpleList struct {
	Failure
	DepartmentID []DepartmentNode `json:"department_id"`
}

// DepartmentNode is a department without its name.
type DepartmentNode struct {
	ID       Int `json:"id"`
	ParentID Int `json:"parentid"`
	Order    Int `json:"order"`
}

// MaxConvertedIDs is how many ids one conversion takes (97062, 95884).
const MaxConvertedIDs = 1000

// UserIDToOpenUserID is the request of PathUserIDToOpenUserID (97062).
type UserIDToOpenUserID struct {
	UserIDList []string `json:"userid_list"`
}

// OpenUserIDs is the answer of PathUserIDToOpenUserID.
type OpenUserIDs struct {
	Failure
	OpenUserIDList    []OpenUserID `json:"open_userid_list"`
	InvalidUserIDList []string     `json:"invalid_userid_list"`
}

// OpenUserID pairs a userid with what a provider sees of it.
type OpenUserID struct {
	UserID     string `json:"userid"`
	OpenUserID string `json:"open_userid"`
}

// OpenUserIDToUserID is the request of PathOpenUserIDToUserID (95884).
// SourceAgentID is the agentid, in the token's corp, of the app whose provider
// the open_userids are from.
type OpenUserIDToUserID struct {
	OpenUserIDList []string `json:"open_userid_list"`
	SourceAgentID  Int      `json:"source_agentid"`
}

// UserIDs is the answer of PathOpenUserIDToUserID.
type UserIDs struct {
	Failure
	UserIDList            []UserID `json:"userid_list"`
	InvalidOpenUserIDList []string `json:"invalid_open_userid_list"`
}

// UserID pairs what a provider sees of a userid with the userid.
type UserID struct {
	OpenUserID string `json:"open_userid"`
	UserID     string `json:"userid"`
}
