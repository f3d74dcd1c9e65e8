// Package siteapi is the JSON API that sites call: /cgi-bin/….
//
//	POST /cgi-bin/service/get_provider_token          90593
//	POST /cgi-bin/service/get_suite_token             90600
//	GET  /cgi-bin/service/auth/getuserinfo3rd         98179, 91121
//	GET  /cgi-bin/service/getuserinfo3rd              the same, as it was
//	POST /cgi-bin/service/[auth/]getuserdetail3rd     91122
//	POST /cgi-bin/service/get_login_info              91125
//	GET  /cgi-bin/service/get_pre_auth_code           90601
//	POST /cgi-bin/service/set_session_info            90602
//	POST /cgi-bin/service/[v2/]get_permanent_code     90603, 100776
//	POST /cgi-bin/service/[v2/]get_auth_info          90604, 100795
//	POST /cgi-bin/service/get_corp_token              90605
//	POST /cgi-bin/service/get_admin_list              90606
//	POST /cgi-bin/service/corpid_to_opencorpid        95604
//	GET  /cgi-bin/gettoken                            91039
//	GET  /cgi-bin/auth/getuserinfo                    98177
//	GET  /cgi-bin/user/getuserinfo                    the same, as it was
//	POST /cgi-bin/auth/getuserdetail                  95833
//	POST /cgi-bin/user/getuserdetail                  the same
//	GET  /cgi-bin/user/get, simplelist, list          90332, 90336, 96260
//	POST /cgi-bin/user/list_id                        96021
//	GET  /cgi-bin/department/list, simplelist, get    90344, 95407
//	GET  /cgi-bin/agent/get                           90363
//	POST /cgi-bin/agent/get_admin_list                the token's own app
//	POST /cgi-bin/batch/userid_to_openuserid          97062
//	POST /cgi-bin/batch/openuserid_to_userid          95884
//
// Which token and which code each of them takes, and from which app, stands in one table
// (access.go). Checks come in WeCom's order: token there, token good, parameters; and every
// check comes before a code is spent.
//
// Contacts are shown within the visible range alone (可见范围), and to a provider without
// names: a department's is its id, a member's the userid (view.go). Every call is written
// down for the console of who owns the app (record.go).
//
// What a code or token is, is the business of package tokens; what a provider may see of a
// member, of package apps.
package siteapi
