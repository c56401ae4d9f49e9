// Runs the specs, all or those named:
//
//   npm test
//   npm test -- specs/story.spec.mjs
//
// The demonstration council is made once; each spec then serves a copy of its
// own, so that none sees what another wrote.
import { spawn } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Server } from './lib/server.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
const named = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const specs = named.length
  ? named
  : (await readdir(join(here, 'specs'))).filter((name) => name.endsWith('.spec.mjs')).sort().map((name) => join('specs', name))

// A spec keeps about one core busy: its browser and its council take turns.
const together = Math.max(1, Math.min(2, availableParallelism()))
const made = await Server.start()
await made.halt()
let code = 1
try {
  const args = ['--test', `--test-concurrency=${together}`, '--test-timeout=900000', '--test-reporter=spec', ...flags, ...specs]
  const tests = spawn(process.execPath, args, {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, THROUGHLINE_MADE: made.folder }
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => tests.kill(signal))
  code = await new Promise((resolve) => tests.once('close', (code) => resolve(code ?? 1)))
} finally {
  await rm(made.folder, { recursive: true, force: true })
}
process.exitCode = code
