package apps

// BusinessOrigin is the origin of a suite's 业务设置URL, to which the code of a jump is bound:
// scheme://host[:port], the default port left out. It is empty where no URL is set.
func (a *App) BusinessOrigin() string {
	r, _, rule := parseRedirect(a.BusinessURL)
	if rule != "" {
		return ""
	}
	return r.Origin
}
