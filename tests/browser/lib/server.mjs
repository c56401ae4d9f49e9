// Starts the built program's demonstration council on a free port with a
// folder of its own, and takes both away at the end.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const READY = 'Throughline is ready at '
const PATIENCE = 120000 // ms for the invented council to be made and loaded

/** The program: $THROUGHLINE_PROGRAM, or what `cargo build` made. */
export function program () {
  const target = process.env.CARGO_TARGET_DIR || join(root, 'target')
  const built = process.env.THROUGHLINE_PROGRAM || join(target, 'debug/throughline')
  if (!existsSync(built)) {
    throw new Error(`There is no program at ${built}. Run: cargo build -p throughline`)
  }
  return built
}

/** A port that nobody listens on, by asking the system for one. */
export function freePort () {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** A running demonstration council. */
export class Server {
  #child
  #gone
  #lines = []

  constructor (port, folder, size) {
    this.port = port
    this.folder = folder
    this.size = size
    this.url = `http://127.0.0.1:${port}`
  }

  /**
   * Starts one; `size` is small (default) or full. A small one is a copy of
   * the council in $THROUGHLINE_MADE, where run.mjs has made one.
   */
  static async start ({ size = 'small' } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'throughline-browser-'))
    const made = process.env.THROUGHLINE_MADE
    if (made && size === 'small') await cp(made, folder, { recursive: true })
    const server = new Server(await freePort(), folder, size)
    try {
      await server.run()
    } catch (problem) {
      await server.stop()
      throw problem
    }
    return server
  }

  /** Runs the program on this server's folder and port until it is ready. */
  async run () {
    const args = ['demo', '--port', String(this.port), '--data', this.folder, '--size', this.size]
    const child = spawn(program(), args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: root })
    this.#child = child
    this.#gone = new Promise((resolve) => child.once('close', resolve))
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The program was not ready after ${PATIENCE / 1000} s:\n${this.output()}`)), PATIENCE)
      let rest = ''
      const read = (piece) => {
        const lines = (rest + piece).split('\n')
        rest = lines.pop()
        this.#lines.push(...lines)
        if (lines.some((line) => line.startsWith(READY))) {
          clearTimeout(late)
          resolve()
        }
      }
      child.stdout.setEncoding('utf8').on('data', read)
      child.stderr.setEncoding('utf8').on('data', (piece) => this.#lines.push(...piece.split('\n')))
      child.once('error', (problem) => { clearTimeout(late); reject(problem) })
      child.once('exit', (code) => {
        clearTimeout(late)
        reject(new Error(`The program ended with ${code} before it was ready:\n${this.output()}`))
      })
    })
  }

  /** What the program has said so far. */
  output () {
    return this.#lines.join('\n')
  }

  /** Ends the program politely; its database stays. */
  async halt () {
    await this.#end('SIGTERM')
  }

  /** Ends it as a power cut would; its database stays. */
  async kill9 () {
    await this.#end('SIGKILL')
  }

  /** Halts and runs again on the same database. */
  async restart () {
    await this.halt()
    await this.run()
  }

  /** Ends the program and removes its folder. */
  async stop () {
    await this.#end('SIGTERM')
    await rm(this.folder, { recursive: true, force: true })
  }

  async #end (signal) {
    const child = this.#child
    if (!child) return
    this.#child = undefined
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      const stubborn = setTimeout(() => child.kill('SIGKILL'), 10000)
      child.kill(signal)
      await this.#gone
      clearTimeout(stubborn)
    }
  }
}
