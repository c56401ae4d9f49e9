// Builds the stylesheet, the script and the icons into dist/, each with its
// own content in its name, pressed ready for sending, and prints their sizes.
// Fails when a first visit would grow over its budget.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { buildSync, transformSync } from 'esbuild'
import { compile, Logger } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, 'dist')
const staging = join(here, `dist.${process.pid}`)
const budgets = { css: 20 * 1024, js: 12 * 1024 } // bytes, brotli

// The genogram brings its own looks: one source for them, beside its drawing.
const genogram = readFileSync(join(here, '../crates/genogram/src/genogram.css'), 'utf8')
const css = transformSync(
  compile(join(here, 'src/styles/app.scss'), {
    loadPaths: [join(here, 'node_modules'), join(here, 'src/styles')],
    quietDeps: true,
    logger: Logger.silent
  }).css + genogram,
  { loader: 'css', minify: true, target: ['safari15', 'chrome100', 'firefox100'] }
).code
const js = buildSync({
  entryPoints: [join(here, 'src/scripts/app.js')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['safari15', 'chrome100', 'firefox100'],
  write: false
}).outputFiles[0].contents

const files = { 'app.css': Buffer.from(css), 'app.js': Buffer.from(js) }
for (const icon of readdirSync(join(here, 'src/icons'))) {
  files[icon] = readFileSync(join(here, 'src/icons', icon))
}

rmSync(staging, { recursive: true, force: true })
mkdirSync(staging)
const manifest = {}
const over = []
for (const [name, bytes] of Object.entries(files)) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10)
  const [stem, kind] = name.split('.')
  const hashed = `${stem}-${hash}.${kind}`
  const pressed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
  writeFileSync(join(staging, hashed), bytes)
  writeFileSync(join(staging, `${hashed}.br`), pressed)
  writeFileSync(join(staging, `${hashed}.gz`), gzipSync(bytes, { level: 9 }))
  manifest[name] = hashed
  const budget = budgets[kind]
  console.log(`${hashed.padEnd(26)} ${String(bytes.length).padStart(7)} bytes, ${String(pressed.length).padStart(6)} compressed${budget ? ` (budget ${budget})` : ''}`)
  if (budget && pressed.length > budget) over.push(name)
}
writeFileSync(join(staging, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
if (over.length) {
  rmSync(staging, { recursive: true, force: true })
  console.error(`${over.join(' and ')} over budget: take out a component or a script before adding one.`)
  process.exit(1)
}
rmSync(out, { recursive: true, force: true })
renameSync(staging, out)
