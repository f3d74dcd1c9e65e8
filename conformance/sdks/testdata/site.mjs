// A provider's site on Node.js alone: node --env-file=FILE site.mjs PORT.
// It keeps the suite_ticket that is pushed to /callback, and signs members in.
import http from 'node:http'
import crypto from 'node:crypto'

const api = process.env.HUFU_API ?? 'https://qyapi.weixin.qq.com'
const login = process.env.HUFU_LOGIN ?? 'https://login.work.weixin.qq.com'
const suite = { id: process.env.HUFU_LOGIN_SUITE_ID, secret: process.env.HUFU_LOGIN_SUITE_SECRET }
const callback = { token: process.env.HUFU_TOKEN, key: Buffer.from(process.env.HUFU_ENCODING_AES_KEY + '=', 'base64') }
const provider = process.env.HUFU_PROVIDER_CORPID

const port = process.argv[2]
const origin = `http://127.0.0.1:${port}`
const tickets = new Map()
const states = new Set()
let suiteToken = { text: '', until: 0 }

function open(query, sealed, receiver) {
  const parts = [callback.token, query.get('timestamp'), query.get('nonce'), sealed].sort().join('')
  if (crypto.createHash('sha1').update(parts).digest('hex') !== query.get('msg_signature')) throw new Error('signature')
  const decipher = crypto.createDecipheriv('aes-256-cbc', callback.key, callback.key.subarray(0, 16)).setAutoPadding(false)
  let text = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()])
  text = text.subarray(16, text.length - text[text.length - 1])
  const end = 4 + text.readUInt32BE(0)
  const to = text.subarray(end).toString()
  if (receiver && to !== receiver) throw new Error('receiver')
  return { to, text: text.subarray(4, end).toString() }
}

const cdata = (xml, name) => new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]></${name}>`).exec(xml)?.[1]

async function receive(request, query, response) {
  if (request.method === 'GET') return response.end(open(query, query.get('echostr'), provider).text)
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const { to, text } = open(query, cdata(body, 'Encrypt'))
  if (cdata(text, 'InfoType') === 'suite_ticket' && cdata(text, 'SuiteId') === to) tickets.set(to, cdata(text, 'SuiteTicket'))
  response.end('success')
}

async function call(path, query, body) {
  const answer = await fetch(`${api}${path}?${new URLSearchParams(query)}`, body && { method: 'POST', body: JSON.stringify(body) })
  const fields = await answer.json()
  if (fields.errcode !== 0) throw Object.assign(new Error(`${path}: ${fields.errcode} ${fields.errmsg}`), { code: fields.errcode })
  return fields
}

async function token() {
  if (Date.now() >= suiteToken.until) {
    const got = await call('/cgi-bin/service/get_suite_token', {},
      { suite_id: suite.id, suite_secret: suite.secret, suite_ticket: tickets.get(suite.id) })
    suiteToken = { text: got.suite_access_token, until: Date.now() + (got.expires_in - 300) * 1000 }
  }
  return suiteToken.text
}

async function exchange(code) {
  const once = async () => call('/cgi-bin/service/auth/getuserinfo3rd', { suite_access_token: await token(), code })
  try {
    return await once()
  } catch (error) {
    if (error.code !== 42009) throw error
    suiteToken.until = 0 // it ended before its time
    return once()
  }
}

async function answer(request, response) {
  const { pathname, searchParams: query } = new URL(request.url, origin)
  switch (pathname) {
    case '/callback':
      return receive(request, query, response)
    case '/login': {
      const state = crypto.randomBytes(16).toString('hex')
      states.add(state)
      const link = new URLSearchParams({ login_type: 'ServiceApp', appid: suite.id, redirect_uri: `${origin}/finish`, state })
      response.writeHead(302, { Location: `${login}/wwlogin/sso/login?${link}`, 'Set-Cookie': `state=${state}; HttpOnly` })
      return response.end()
    }
    case '/finish': {
      const state = query.get('state')
      if (request.headers.cookie !== `state=${state}` || !states.delete(state)) throw new Error('state')
      const who = await exchange(query.get('code'))
      return response.end(JSON.stringify({ corpid: who.corpid, userid: who.userid, open_userid: who.open_userid, tickets: tickets.size }))
    }
  }
  response.writeHead(404).end()
}

http.createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(500).end(error.message))
}).listen(port, '127.0.0.1', () => console.log('listening'))
