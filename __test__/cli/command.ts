// The command line as a person or a script runs it: through pipes, and in a terminal.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

import * as pty from '@lydell/node-pty'

import { root } from '../examples.js'

export const MAIN = join(root, 'dist/cli/main.js')
export const EXAMPLE = join(root, 'examples/network/stellar-2025-11.json')
export const EXAMPLE_ORGANIZATIONS = join(root, 'examples/network/organizations-2025-11.json')

/** What a program leaves behind. */
export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

interface Surroundings {
  input?: string | Buffer
  env?: NodeJS.ProcessEnv
  cwd?: string
}

/** The environment of tests, without what the runner and a CI add that would change how output looks. */
export function environment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT, NODE_OPTIONS, NO_COLOR, FORCE_COLOR, CI, ...inherited } = process.env
  return { ...inherited, ...env }
}

/** Runs a command through pipes. */
export function run(args: string[], { input = '', env, cwd }: Surroundings = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env: environment(env), cwd })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
    // Who does not read its input closes the pipe.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** The output of a command that is expected to go well. */
export async function output(args: string[], surroundings?: Surroundings): Promise<string> {
  const { status, stdout, stderr } = await run(args, surroundings)
  assert.equal(status, 0, `${args.join(' ')}\n${stderr}`)
  return stdout
}

export async function json<T = any>(args: string[], surroundings?: Surroundings): Promise<T> {
  return JSON.parse(await output([...args, '--format', 'json'], surroundings))
}

export async function lines(args: string[], surroundings?: Surroundings): Promise<string[]> {
  return (await output(args, surroundings)).trimEnd().split('\n')
}

/** A command in a terminal. */
export interface InTerminal {
  type: (text: string) => void
  /** Resolves when something appears on the screen; rejects if the command ends before. */
  appears: (pattern: RegExp) => Promise<void>
  /** With what the terminal got, all control characters included. */
  ended: Promise<{ status: number; screen: string }>
}

/** Says through the terminal itself how the command ended, so that nothing is missed, and stays until it is read. */
const SHELL = `trap : INT; "$@"; printf '\\n[ended %d]' $?; read -r _`
const ENDED = /\r?\n\[ended (\d+)\]$/

export function inTerminal(args: string[], env: NodeJS.ProcessEnv = {}, columns = 100): InTerminal {
  const terminal = pty.spawn('sh', ['-c', SHELL, 'sh', process.execPath, MAIN, ...args], {
    cols: columns,
    rows: 40,
    name: 'xterm-256color',
    env: environment(env) as Record<string, string>
  })
  let screen = ''
  const watchers = new Set<() => void>()
  terminal.onData((text) => {
    screen += text
    for (const look of watchers) look()
  })
  const appears = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const isThere = pattern.test(screen)
        if (!isThere && !ENDED.test(screen)) return
        watchers.delete(look)
        if (isThere) resolve()
        else reject(new Error(`${pattern} did not appear in\n${screen}`))
      }
      watchers.add(look)
      look()
    })
  const ended = appears(ENDED).then(() => {
    terminal.kill()
    return { status: Number(ENDED.exec(screen)?.[1]), screen: screen.replace(ENDED, '') }
  })
  return { type: (text) => terminal.write(text), appears, ended }
}

/** A folder for files of one test file. */
export function folder(): { path: string; write: (name: string, content: unknown) => string } {
  const path = mkdtempSync(join(tmpdir(), 'stellar-fbas-'))
  after(() => rmSync(path, { recursive: true }))
  return {
    path,
    write: (name, content) => {
      const file = join(path, name)
      const isText = typeof content === 'string' || content instanceof Uint8Array
      writeFileSync(file, isText ? content : JSON.stringify(content))
      return file
    }
  }
}

/** Text as a reader sees it: without the terminal's control sequences. */
export function plain(screen: string): string {
  return screen.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '')
}
