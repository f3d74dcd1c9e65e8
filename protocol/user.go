package protocol

// User is the answer of PathUserGet (90332, 96255).
type User struct {
	Failure
	ListedUser
}

// ListedUser is one member, as PathUserGet and PathUserList show them. A third
// party sees the userid as Name and none of the personal fields; those are
// absent, not empty.
type ListedUser struct {
	// UserID has 1 to 64 bytes. The plain form is matched without case.
	UserID string `json:"userid"`
	Name   string `json:"name"`
	// Department, Order and IsLeaderInDept run in parallel: department ids,
	// the member's order in each (uint32), 1 where the member leads it. A
	// sender makes Department empty rather than nil: clients walk it.
	Department     []Int    `json:"department"`
	Order          []Int    `json:"order,omitempty"`
	IsLeaderInDept []Int    `json:"is_leader_in_dept,omitempty"`
	DirectLeader   []string `json:"direct_leader,omitempty"`
	MainDepartment Int      `json:"main_department,omitempty"`
	Position       string   `json:"position,omitempty"`
	// Status: 1 active, 2 disabled, 4 not activated, 5 left.
	Status     Int    `json:"status,omitempty"`
	OpenUserID string `json:"open_userid,omitempty"`

	Mobile string `json:"mobile,omitempty"`
	// Gender is a string on the wire: "0" unknown, "1" male, "2" female.
	Gender      Text   `json:"gender,omitempty"`
	Email       string `json:"email,omitempty"`
	BizMail     string `json:"biz_mail,omitempty"`
	Avatar      string `json:"avatar,omitempty"`
	ThumbAvatar string `json:"thumb_avatar,omitempty"`
	Telephone   string `json:"telephone,omitempty"`
	Alias       string `json:"alias,omitempty"`
	Address     string `json:"address,omitempty"`
	QRCode      string `json:"qr_code,omitempty"`
}
