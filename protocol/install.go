package protocol

// PreAuthCode is the answer of PathGetPreAuthCode (90601). The code has at
// most 512 bytes and lives ExpiresIn seconds, 1200.
type PreAuthCode struct {
	Failure
	PreAuthCode string `json:"pre_auth_code"`
	ExpiresIn   Int    `json:"expires_in"`
}

// Values of SessionInfo.AuthType.
const (
	AuthFormal Int = 0 // 正式授权
	AuthTest   Int = 1 // 测试授权: of a suite that is not yet online
)

// SetSessionInfo is the request of PathSetSessionInfo (90602): it settles what
// the install that bears this pre_auth_code may be.
type SetSessionInfo struct {
	PreAuthCode string      `json:"pre_auth_code"`
	SessionInfo SessionInfo `json:"session_info"`
}

// SessionInfo is what a SetSessionInfo settles.
type SessionInfo struct {
	// AppID is for suites of several apps, which are no longer made.
	AppID    []Int `json:"appid,omitempty"`
	AuthType Int   `json:"auth_type"`
}

// GetPermanentCode is the request of PathGetPermanentCode and its V2 (90603,
// 100776). AuthCode is an install's, 64 to 512 bytes, and serves once.
type GetPermanentCode struct {
	AuthCode string `json:"auth_code"`
}

// AuthCodeMinBytes is the shortest auth_code of an install (90603).
const AuthCodeMinBytes = 64

// PermanentCode is the answer of PathGetPermanentCode. That of its V2 has
// neither AccessToken nor AuthInfo, and of the corp the two names alone.
type PermanentCode struct {
	Failure
	// AccessToken is a corp token as PathGetCorpToken gives it; ExpiresIn is
	// its life in seconds.
	AccessToken    string    `json:"access_token,omitempty"`
	ExpiresIn      Int       `json:"expires_in,omitempty"`
	PermanentCode  string    `json:"permanent_code"`
	DealerCorpInfo *Dealer   `json:"dealer_corp_info,omitempty"`
	AuthCorpInfo   AuthCorp  `json:"auth_corp_info"`
	AuthInfo       *Agents   `json:"auth_info,omitempty"`
	AuthUserInfo   *AuthUser `json:"auth_user_info,omitempty"`
	RegisterCode   *Register `json:"register_code_info,omitempty"`
	// State is the one of the install link.
	State string `json:"state,omitempty"`
}

// Authorization names an installation by corp and permanent code: the request
// of PathGetAuthInfo, its V2 and PathGetCorpToken (90604, 90605).
type Authorization struct {
	// AuthCorpID is the corpid as this provider sees it.
	AuthCorpID    string `json:"auth_corpid"`
	PermanentCode string `json:"permanent_code"`
}

// AuthInfo is the answer of PathGetAuthInfo (90604).
type AuthInfo struct {
	Failure
	DealerCorpInfo *Dealer  `json:"dealer_corp_info,omitempty"`
	AuthCorpInfo   AuthCorp `json:"auth_corp_info"`
	AuthInfo       Agents   `json:"auth_info"`
}

// Dealer is the agent through whom a corp bought an app.
type Dealer struct {
	CorpID   string `json:"corpid"`
	CorpName string `json:"corp_name"`
}

// AuthCorp is the corp that installed.
type AuthCorp struct {
	CorpID   string `json:"corpid"`
	CorpName string `json:"corp_name"`
	// CorpType is CorpVerified or CorpUnverified.
	CorpType      string       `json:"corp_type,omitempty"`
	SquareLogoURL string       `json:"corp_square_logo_url,omitempty"`
	UserMax       Int          `json:"corp_user_max,omitempty"`
	FullName      string       `json:"corp_full_name,omitempty"`
	ExName        *CorpExNames `json:"corp_ex_name,omitempty"` // of the V2 alone
	// VerifiedEndTime is when the verification ends, unix seconds.
	VerifiedEndTime Int    `json:"verified_end_time,omitempty"`
	SubjectType     Int    `json:"subject_type,omitempty"` // 1 enterprise, 2 institution, 3 other, 4 team
	WXQRCode        string `json:"corp_wxqrcode,omitempty"`
	Scale           string `json:"corp_scale,omitempty"`
	Industry        string `json:"corp_industry,omitempty"`
	SubIndustry     string `json:"corp_sub_industry,omitempty"`
}

// Values of AuthCorp.CorpType.
const (
	CorpVerified   = "verified"
	CorpUnverified = "unverified"
)

// CorpExNames are a verified corp's other short names (100795).
type CorpExNames struct {
	NameList []string `json:"name_list"`
}

// Agents are the apps of an installation; today always one.
type Agents struct {
	Agent []AuthAgent `json:"agent"`
}

// AuthAgent is an installed app.
type AuthAgent struct {
	AgentID       Int    `json:"agentid"`
	Name          string `json:"name"`
	RoundLogoURL  string `json:"round_logo_url"`
	SquareLogoURL string `json:"square_logo_url"`
	AppID         Int    `json:"appid,omitempty"` // of suites of several apps
	// AuthMode: 0 an admin installed it, 1 a member did.
	AuthMode         Int        `json:"auth_mode"`
	IsCustomizedApp  bool       `json:"is_customized_app"`
	AuthFromThirdApp bool       `json:"auth_from_thirdapp"`
	Privilege        *Privilege `json:"privilege,omitempty"`
}

// Privilege is what an installed app may see: its visible range (可见范围).
// Lists are empty rather than nil.
type Privilege struct {
	// Level: 1 basic read; suites of one app always have it.
	Level      Int      `json:"level"`
	AllowParty []Int    `json:"allow_party"`
	AllowUser  []string `json:"allow_user"`
	AllowTag   []Int    `json:"allow_tag"`
	ExtraParty []Int    `json:"extra_party"`
	ExtraUser  []string `json:"extra_user"`
	ExtraTag   []Int    `json:"extra_tag"`
}

// AuthUser is the admin who installed; an external one has no UserID.
type AuthUser struct {
	UserID     string `json:"userid,omitempty"`
	OpenUserID string `json:"open_userid,omitempty"`
	Name       string `json:"name,omitempty"`
	Avatar     string `json:"avatar,omitempty"`
}

// Register tells of a corp that was registered through a link of the provider.
type Register struct {
	RegisterCode string `json:"register_code"`
	TemplateID   string `json:"template_id"`
	State        string `json:"state"`
}

// CorpIDToOpenCorpID is the request of PathCorpIDToOpenCorpID (95604): the
// plain corpid of a corp that installed one of the provider's suites.
type CorpIDToOpenCorpID struct {
	CorpID string `json:"corpid"`
}

// OpenCorpID is the answer of PathCorpIDToOpenCorpID.
type OpenCorpID struct {
	Failure
	OpenCorpID string `json:"open_corpid"`
}
