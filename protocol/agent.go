package protocol

// GetAdminList is the request of PathServiceGetAdminList (90606). That of
// PathAgentGetAdminList may be empty: its token names the app.
type GetAdminList struct {
	AuthCorpID string `json:"auth_corpid,omitempty"`
	AgentID    Int    `json:"agentid,omitempty"`
}

// AdminList is the answer of both lists of administrators; external ones are
// never in it.
type AdminList struct {
	Failure
	Admin []Admin `json:"admin"`
}

// Admin is an administrator of one app.
type Admin struct {
	UserID     string `json:"userid"`
	OpenUserID string `json:"open_userid,omitempty"`
	// AuthType: see the AuthType constants.
	AuthType Int `json:"auth_type"`
}

// Values of Admin.AuthType and LoginAgent.AuthType.
const (
	AuthTypeUse    Int = 0 // 使用权限, 发消息权限
	AuthTypeManage Int = 1 // 管理权限
)

// Agent is the answer of PathAgentGet (90363, 96448): an app as it stands in
// one corp.
type Agent struct {
	Failure
	AgentID       Int    `json:"agentid"`
	Name          string `json:"name"`
	SquareLogoURL string `json:"square_logo_url"`
	Description   string `json:"description"`
	// The visible range (可见范围), as it was set: departments stand for all
	// beneath them.
	AllowUserInfos AllowUsers  `json:"allow_userinfos"`
	AllowPartys    AllowPartys `json:"allow_partys"`
	AllowTags      AllowTags   `json:"allow_tags"`
	Close          Int         `json:"close"` // 1: stopped
	RedirectDomain string      `json:"redirect_domain"`
	ReportLocation Int         `json:"report_location_flag"`
	IsReportEnter  Int         `json:"isreportenter"`
	HomeURL        string      `json:"home_url"`
	// CustomizedPublishStatus is for apps a provider develops for one corp (代开发).
	CustomizedPublishStatus Int `json:"customized_publish_status,omitempty"`
}

// AllowUsers are the members of a visible range.
type AllowUsers struct {
	User []AllowUser `json:"user"`
}

// AllowUser is one member of a visible range.
type AllowUser struct {
	UserID string `json:"userid"`
}

// AllowPartys are the departments of a visible range.
type AllowPartys struct {
	PartyID []Int `json:"partyid"`
}

// AllowTags are the tags of a visible range.
type AllowTags struct {
	TagID []Int `json:"tagid"`
}
