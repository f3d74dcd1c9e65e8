package protocol

// GetProviderToken is the request of PathGetProviderToken (90593).
type GetProviderToken struct {
	CorpID         string `json:"corpid"`
	ProviderSecret string `json:"provider_secret"`
}

// ProviderToken is the answer of PathGetProviderToken. The token has at most
// 512 bytes; ExpiresIn is in seconds, 7200 for a new token.
type ProviderToken struct {
	Failure
	ProviderAccessToken string `json:"provider_access_token"`
	ExpiresIn           Int    `json:"expires_in"`
}

// GetSuiteToken is the request of PathGetSuiteToken (90600). The ticket is
// the one last pushed to the suite's instruction callback (指令回调URL).
type GetSuiteToken struct {
	SuiteID     string `json:"suite_id"`
	SuiteSecret string `json:"suite_secret"`
	SuiteTicket string `json:"suite_ticket"`
}

// SuiteToken is the answer of PathGetSuiteToken. The token has at most 512
// bytes; ExpiresIn is in seconds, 7200 for a new token.
type SuiteToken struct {
	Failure
	SuiteAccessToken string `json:"suite_access_token"`
	ExpiresIn        Int    `json:"expires_in"`
}

// AppToken is the answer of PathGetToken (91039). The token has at most 512
// bytes; ExpiresIn is in seconds, 7200 for a new token.
type AppToken struct {
	Failure
	AccessToken string `json:"access_token"`
	ExpiresIn   Int    `json:"expires_in"`
}
