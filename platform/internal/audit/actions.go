package audit

import "slices"

// Action is what was done. Its words are in locales logs.json under "logs.action." and the
// action.
type Action string

// Group gathers actions for the filter of the log's page. Its words are under "logs.group."; the sign-ins, which
// have a page of their own, have none.
type Group string

const (
	SignIns   Group = "sign_ins"
	Contacts  Group = "contacts"
	Admins    Group = "admins"
	Apps      Group = "apps"
	Providers Group = "providers"
	People    Group = "people"
	Platform  Group = "platform"
)

// Sign-ins.
const (
	// SignedIn: a member confirmed a sign-in; App is where. The detail is the browser, behind
	// ByDesktop where a desktop client confirmed it. Of an app inside the client it is InClient,
	// scope, why a code was given and browser, with ", " between them.
	SignedIn Action = "signed_in"
	// ConsoleEntered: a person signed in to the consoles.
	ConsoleEntered Action = "console_entered"
	// SignInReported: a person said "I did not start this" about a sign-in.
	SignInReported Action = "sign_in_reported"
	// WrongNumber: a person typed a number that was not the one on the page.
	WrongNumber Action = "wrong_number"
	// PasswordRefused: a sign-in on the phone was refused after too many wrong passwords.
	PasswordRefused Action = "password_refused"
)

// ByDesktop begins the detail of a SignedIn that a desktop client confirmed.
const ByDesktop = "desktop client: "

// InClient begins the detail of a SignedIn inside the client (网页授权).
const InClient = "in-client: "

// Why a code was given inside the client.
const (
	FromWorkbench = "opened from the workbench"
	AgreedBefore  = "agreed before"
	Agreed        = "agreed"
)

// The operator's console.
const (
	CorpCreated      Action = "corp_created"
	ProviderAdmitted Action = "provider_admitted"
	// CreatorLinkMade: another enrolment link for a company's creator.
	CreatorLinkMade Action = "creator_link_made"
	// OperatorLinkMade: a link by which one more person becomes an operator.
	OperatorLinkMade Action = "operator_link_made"
	OperatorRemoved  Action = "operator_removed"
	SuiteOnline      Action = "suite_online"
	SuiteOffline     Action = "suite_offline"
	OldLoginOn       Action = "old_login_on"
	OldLoginOff      Action = "old_login_off"
	// LogExported: a log was taken out as a file.
	LogExported Action = "log_exported"
)

// Contacts (通讯录).
const (
	DepartmentAdded   Action = "department_added"
	DepartmentChanged Action = "department_changed"
	DepartmentRemoved Action = "department_removed"
	MemberAdded       Action = "member_added"
	MemberChanged     Action = "member_changed"
	MemberDisabled    Action = "member_disabled"
	MemberEnabled     Action = "member_enabled"
	MemberRemoved     Action = "member_removed"
	MembersImported   Action = "members_imported"
	MembersExported   Action = "members_exported"
	// LinkMade: an enrolment link was made for a member or an external admin.
	LinkMade Action = "link_made"
	// MemberEnrolled: a member used an enrolment link for the first time.
	MemberEnrolled Action = "member_enrolled"
	// MemberJoined: a person who has credentials accepted to be a member.
	MemberJoined   Action = "member_joined"
	NumberMatchOn  Action = "number_match_on"
	NumberMatchOff Action = "number_match_off"
)

// Administrators.
const (
	AdminAdded   Action = "admin_added"
	AdminChanged Action = "admin_changed"
	AdminRemoved Action = "admin_removed"
)

// A provider's console.
const (
	BrandChanged      Action = "brand_changed"
	LogoChanged       Action = "logo_changed"
	ProviderSecretNew Action = "provider_secret_reset"
	NetworksSet       Action = "networks_set"
	EventCallbackSet  Action = "event_callback_set"
	LoginEnabled      Action = "login_enabled"
	LoginDisabled     Action = "login_disabled"
	LoginDomainsSet   Action = "login_domains_set"
	// LoginLaunchSet: from which domains the old login may begin (登录授权发起域名).
	LoginLaunchSet   Action = "login_launch_set"
	SuiteCreated     Action = "suite_created"
	SuiteChanged     Action = "suite_changed"
	SuiteSecretReset Action = "suite_secret_reset"
	SuiteCallbackSet Action = "suite_callback_set"
	SuiteDomainsSet  Action = "suite_domains_set"
	BusinessURLSet   Action = "business_url_set"
	// SensitiveOn, SensitiveOff: a suite may ask members for details (成员敏感信息授权), or no longer.
	SensitiveOn    Action = "sensitive_on"
	SensitiveOff   Action = "sensitive_off"
	SuiteSubmitted Action = "suite_submitted"
	SuiteWithdrawn Action = "suite_withdrawn"
	EventSentAgain Action = "event_sent_again"
	// DomainProved: the file that proves a domain was found where it must be.
	DomainProved Action = "domain_proved"
)

// A person's own doings on the phone.
const (
	PasskeyAdded   Action = "passkey_added"
	PasskeyRemoved Action = "passkey_removed"
	PasswordSet    Action = "password_set"
	DeviceEnded    Action = "device_ended"
	ConsentEnded   Action = "consent_ended"
	// DesktopAdded: a desktop client was signed in; the target is its machine.
	DesktopAdded   Action = "desktop_added"
	DesktopRemoved Action = "desktop_removed"
)

// groups lists the actions of each group, in the order in which a page offers them.
var groups = []struct {
	Group   Group
	Actions []Action
}{
	{SignIns, []Action{SignedIn, ConsoleEntered, SignInReported, WrongNumber, PasswordRefused}},
	{Contacts, []Action{DepartmentAdded, DepartmentChanged, DepartmentRemoved, MemberAdded, MemberChanged, MemberDisabled,
		MemberEnabled, MemberRemoved, MembersImported, MembersExported, LinkMade, MemberEnrolled, MemberJoined, NumberMatchOn, NumberMatchOff}},
	{Admins, []Action{AdminAdded, AdminChanged, AdminRemoved}},
	{Apps, appActions},
	{Providers, []Action{BrandChanged, LogoChanged, ProviderSecretNew, NetworksSet, EventCallbackSet, LoginEnabled, LoginDisabled,
		LoginDomainsSet, LoginLaunchSet, SuiteCreated, SuiteChanged, SuiteSecretReset, SuiteCallbackSet, SuiteDomainsSet, BusinessURLSet,
		SensitiveOn, SensitiveOff,
		SuiteSubmitted, SuiteWithdrawn, EventSentAgain, DomainProved}},
	{People, []Action{PasskeyAdded, PasskeyRemoved, PasswordSet, DeviceEnded, ConsentEnded, DesktopAdded, DesktopRemoved}},
	{Platform, []Action{OperatorLinkMade, OperatorRemoved, CorpCreated, CreatorLinkMade, ProviderAdmitted, SuiteOnline, SuiteOffline, OldLoginOn, OldLoginOff, LogExported}},
}

// Groups are all groups but the sign-ins, which have a page of their own.
func Groups() []Group {
	var list []Group
	for _, g := range groups[1:] {
		list = append(list, g.Group)
	}
	return list
}

// ActionsOf are the actions of a group; none where there is no such group.
func ActionsOf(g Group) []Action {
	for _, of := range groups {
		if of.Group == g {
			return of.Actions
		}
	}
	return nil
}

// All are all actions.
func All() []Action {
	var list []Action
	for _, g := range groups {
		list = append(list, g.Actions...)
	}
	return slices.Clip(list)
}
