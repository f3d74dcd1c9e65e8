// A callback on @wecom/crypto: node crypto.mjs PORT TOKEN ENCODING_AES_KEY.
// It prints what each packet held.
import http from 'node:http'
import { decrypt, getSignature } from '@wecom/crypto'

const [port, token, key] = process.argv.slice(2)

const server = http.createServer(async (request, response) => {
  const query = new URL(request.url, 'http://localhost').searchParams
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const sealed = request.method === 'GET' ? query.get('echostr') : /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/.exec(body)[1]
  if (getSignature(token, query.get('timestamp'), query.get('nonce'), sealed) !== query.get('msg_signature')) {
    response.writeHead(403).end()
    return
  }
  const { message, id } = decrypt(key, sealed)
  console.log(JSON.stringify({ id, message }))
  response.end(request.method === 'GET' ? message : 'success')
})
server.listen(port, '127.0.0.1', () => console.log('listening'))
