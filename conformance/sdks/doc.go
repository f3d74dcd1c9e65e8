// Package sdks runs other people's clients, unmodified and in exact versions, against the
// built binary, and small sites of other stacks that know nothing of Hufu but base URLs and
// credentials:
//
//   - github.com/silenceper/wechat/v2: the sign-in of a corp app, through the proxy and the
//     local authority of --wecom-hosts
//   - github.com/sbzhu/weworkapi_golang and @wecom/crypto: pushed events and the URL check
//   - testdata/site.mjs (Node.js), testdata/site.py (Python): whole sites
//
// The packages from npm come by the package.json of this module.
package sdks
