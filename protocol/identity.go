package protocol

// UserInfo3rd is the answer of PathGetUserInfo3rd (98179). A member of a corp
// has CorpID, UserID and OpenUserID; a person in no corp has OpenID alone.
type UserInfo3rd struct {
	Failure
	// CorpID is plain or encrypted per provider. The encrypted form is
	// case-sensitive, the plain one is not.
	CorpID string `json:"corpid,omitempty"`
	// UserID is encrypted when the corp has not installed the provider's app.
	UserID string `json:"userid,omitempty"`
	// OpenUserID is unique within the provider, the same for all its apps; at
	// most 64 bytes.
	OpenUserID string `json:"open_userid,omitempty"`
	// OpenID is unique within the provider.
	OpenID string `json:"openid,omitempty"`
	// UserTicket (at most 512 bytes) and ExpiresIn, its life in seconds, come
	// with the in-client scope snsapi_privateinfo only (91121).
	UserTicket string `json:"user_ticket,omitempty"`
	ExpiresIn  Int    `json:"expires_in,omitempty"`
}

// OldUserInfo3rd is the answer of PathOldGetUserInfo3rd: the same with other
// names, and with DeviceId, which is always there.
type OldUserInfo3rd struct {
	Failure
	CorpID     string `json:"CorpId,omitempty"` // of a parent: may be "A|B"
	UserID     string `json:"UserId,omitempty"`
	DeviceID   string `json:"DeviceId"`
	OpenID     string `json:"OpenId,omitempty"`
	OpenUserID string `json:"open_userid,omitempty"`
	UserTicket string `json:"user_ticket,omitempty"`
	ExpiresIn  Int    `json:"expires_in,omitempty"`
	// ExternalUserID and Parents describe a parent of a school's pupils.
	ExternalUserID string   `json:"external_userid,omitempty"`
	Parents        []Parent `json:"parents,omitempty"`
}

// Parent is one school in which the person of an OldUserInfo3rd is a parent.
type Parent struct {
	CorpID       string `json:"corpid"`
	ParentUserID string `json:"parent_userid"`
}

// UserInfo is the answer of PathGetUserInfo (98177). A member has UserID,
// plain, whether in the app's visible range or not; anyone else has OpenID
// (at most 64 bytes, unique within the corp) and perhaps ExternalUserID.
type UserInfo struct {
	Failure
	UserID         string `json:"userid,omitempty"`
	UserTicket     string `json:"user_ticket,omitempty"`
	ExpiresIn      Int    `json:"expires_in,omitempty"` // of UserTicket, seconds
	OpenID         string `json:"openid,omitempty"`
	ExternalUserID string `json:"external_userid,omitempty"`
}

// OldUserInfo is the answer of PathOldGetUserInfo. DeviceId is always there.
type OldUserInfo struct {
	Failure
	UserID         string `json:"UserId,omitempty"`
	DeviceID       string `json:"DeviceId"`
	OpenID         string `json:"OpenId,omitempty"`
	UserTicket     string `json:"user_ticket,omitempty"`
	ExpiresIn      Int    `json:"expires_in,omitempty"` // of UserTicket, seconds
	ExternalUserID string `json:"external_userid,omitempty"`
}

// Sign-in kinds of LoginInfo.UserType (91125).
const (
	UserTypeCreator       Int = 1 // 创建者
	UserTypeInternalAdmin Int = 2 // 内部系统管理员
	UserTypeExternalAdmin Int = 3 // 外部系统管理员
	UserTypeSubAdmin      Int = 4 // 分级管理员
	UserTypeMember        Int = 5 // 成员
)

// GetLoginInfo is the request of PathGetLoginInfo (91125).
type GetLoginInfo struct {
	AuthCode string `json:"auth_code"`
}

// LoginInfo is the answer of PathGetLoginInfo: who came in through the old QR
// login or the business-settings jump. Agent and AuthInfo are for admins only.
type LoginInfo struct {
	Failure
	UserType Int            `json:"usertype"`
	UserInfo LoginUser      `json:"user_info"`
	CorpInfo LoginCorp      `json:"corp_info"`
	Agent    []LoginAgent   `json:"agent,omitempty"`
	AuthInfo *LoginAuthInfo `json:"auth_info,omitempty"`
}

// LoginUser is the person of a LoginInfo; empty for one who is not in the
// address book. Name equals UserID.
type LoginUser struct {
	UserID     string `json:"userid,omitempty"`
	OpenUserID string `json:"open_userid,omitempty"`
	Name       string `json:"name,omitempty"`
	Avatar     string `json:"avatar,omitempty"`
	Email      string `json:"email,omitempty"` // old creators and external admins
}

// LoginCorp is the corp of a LoginInfo.
type LoginCorp struct {
	CorpID string `json:"corpid"`
}

// LoginAgent is one of the provider's apps that the admin may manage
// (AuthType 1) or use (0).
type LoginAgent struct {
	AgentID  Int `json:"agentid"`
	AuthType Int `json:"auth_type"`
}

// LoginAuthInfo lists the departments of a sub-admin.
type LoginAuthInfo struct {
	Department []LoginDepartment `json:"department"`
}

// LoginDepartment is one department of a LoginAuthInfo.
type LoginDepartment struct {
	ID       Int  `json:"id"`
	Writable bool `json:"writable"`
}
