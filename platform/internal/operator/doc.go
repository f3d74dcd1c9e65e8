// Package operator is the console of who runs the platform (平台运营者): companies, providers,
// and which suites are online. An operator sees no company's members, apps or logs.
//
//	GET  /operator                            overview
//	GET  /operator/corps                      companies
//	GET  /operator/corps/new                  form of a new company
//	POST /operator/corps                      makes it, with its creator's enrolment link; fresh proof
//	GET  /operator/corps/{corp}               one company
//	POST /operator/corps/{corp}/link          another link for its creator; fresh proof
//	POST /operator/corps/{corp}/provider      admits it as a provider; fresh proof
//	GET  /operator/providers                  providers
//	POST /operator/providers/{corp}/old-login switches 3rd_qrConnect and get_login_info
//	GET  /operator/suites                     suites, submitted ones first
//	POST /operator/suites/{suite}/online      puts one online, or takes it off
//
// The platform's own log, /operator/audit, is package logs'.
package operator
