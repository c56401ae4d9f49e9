// What a page weighs on the wire, and the headers that protect it.
import assert from 'node:assert/strict'
import { request } from 'node:http'

/**
 * Fetches a path as a browser would, pressed, with these cookies.
 * Gives status, headers, and the bytes of the body as sent.
 */
export function fetchRaw (server, path, { cookie = '', method = 'GET', body, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(server.url + path, { method, headers: { 'accept-encoding': 'br, gzip', ...(cookie && { cookie }), ...headers } }, (answer) => {
      const pieces = []
      answer.on('data', (piece) => pieces.push(piece))
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) }))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** The cookies of a page's browser, for `fetchRaw`. */
export async function cookiesOf (page) {
  const cookies = await page.context().cookies()
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** Bytes of the page's HTML as sent, compressed; at most `most`. */
export async function light (server, path, { page, most = 40 * 1024 } = {}) {
  const answer = await fetchRaw(server, path, { cookie: page ? await cookiesOf(page) : '' })
  assert.ok(['br', 'gzip'].includes(answer.headers['content-encoding']) || answer.body.length < 1024, `${path} is not compressed`)
  assert.ok(answer.body.length <= most, `${path} weighs ${answer.body.length} bytes compressed, at most ${most} allowed`)
  return answer.body.length
}

/** A first visit with an empty cache: at most 60 KB, 6 requests, none to others. */
export async function firstVisit (page, path) {
  let bytes = 0
  const asked = []
  const sizes = []
  const count = (done) => {
    asked.push(done.url())
    sizes.push(done.sizes().then(({ responseBodySize, responseHeadersSize }) => { bytes += responseBodySize + responseHeadersSize }))
  }
  page.on('requestfinished', count)
  await page.goto(path, { waitUntil: 'networkidle' })
  page.off('requestfinished', count)
  await Promise.all(sizes)
  console.log(`first visit to ${path}: ${bytes} bytes, ${asked.length} requests, ${page.outside.length} to others`)
  assert.ok(asked.length > 0 && bytes > 0, 'nothing was counted')
  assert.ok(bytes <= 60 * 1024, `${path}: ${bytes} bytes on a first visit`)
  assert.ok(asked.length <= 6, `${path}: ${asked.length} requests: ${asked.join(', ')}`)
  assert.deepEqual(page.outside, [], 'the page asked another site')
}

const PROTECTED = {
  'content-security-policy': /default-src 'none'(?!.*unsafe)/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'permissions-policy': /camera=\(\)/,
  'cache-control': /^no-store$/
}

/** The security headers of a page. */
export async function protectedPage (server, path, cookie = '') {
  const { headers } = await fetchRaw(server, path, { cookie })
  for (const [name, wanted] of Object.entries(PROTECTED)) {
    assert.match(headers[name] || '', wanted, `${name} on ${path}`)
  }
}
