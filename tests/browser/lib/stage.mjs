// A small stage for testing the built script by itself: a page with one form,
// and a server that answers its drafts as the test tells it to.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = join(dirname(fileURLToPath(import.meta.url)), '../../../assets/dist')

export async function openStage (body) {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
  const stage = { saves: [], posts: [], asked: [], reply: [200, { saved_at: '14:02' }], hint: [200, '<p id="hinted">Maya</p>'] }
  const html = `<!DOCTYPE html><html lang="en"><head><title>Stage</title>
<link rel="stylesheet" href="/${manifest['app.css']}"><script type="module" src="/${manifest['app.js']}"></script></head>
<body><main><h1>Stage</h1>${body}</main></body></html>`
  const server = createServer(async (request, response) => {
    let sent = ''
    for await (const piece of request) sent += piece
    const fields = new URLSearchParams(sent)
    const answer = (status, type, content) => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
      })
      response.end(content)
    }
    const file = Object.values(manifest).find((name) => request.url === `/${name}`)
    if (file) return answer(200, file.endsWith('.css') ? 'text/css' : file.endsWith('.js') ? 'text/javascript' : 'image/svg+xml', readFileSync(join(dist, file)))
    if (request.url === '/draft') {
      stage.saves.push({ at: Date.now(), status: stage.reply[0], fields })
      return answer(stage.reply[0], 'application/json', JSON.stringify(stage.reply[1]))
    }
    if (request.url === '/hints') {
      stage.asked.push(fields)
      return answer(stage.hint[0], 'text/html', stage.hint[1])
    }
    if (request.url === '/submit') {
      stage.posts.push(fields)
      await new Promise((resolve) => setTimeout(resolve, 500))
      return answer(200, 'text/html', '<!DOCTYPE html><html lang="en"><title>Sent</title><h1>Sent</h1></html>')
    }
    answer(request.url === '/' ? 200 : 404, 'text/html', html)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  stage.url = `http://127.0.0.1:${server.address().port}`
  stage.stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections() })
  return stage
}
