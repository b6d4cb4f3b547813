/**
 * Who can be told of a change: a command, which gets it on its standard input and in its environment, and never as a part of its command line; and a
 * webhook, to which it is posted. Of a webhook only the host is ever told: its path is often a secret.
 */

import { spawn, type ChildProcess } from 'node:child_process'
import { validateHeaderValue } from 'node:http'

import { Failure, STATUS } from '../failure.js'
import { askedFor, isAddress, reasonOf } from '../fetch.js'
import type { Announcement } from './announcement.js'
import type { Listener } from './outlet.js'

/** How long either may take. */
const COMMAND_MS = 60_000
const WEBHOOK_MS = 15_000

/** What the webhook is told in its header `authorization`. */
const AUTHORIZATION = 'FBAS_WEBHOOK_AUTHORIZATION'
export const WEBHOOK_URL = 'FBAS_WEBHOOK_URL'

/** A command as one types it. What it prints goes to standard error. */
export function command(line: string): Listener {
  return { kind: 'command', called: 'the command', tell: (announcement) => run(line, announcement) }
}

function run(line: string, announcement: Announcement): Promise<void> {
  const { id, time, network, text, verdict, inDoubt } = announcement
  // It need not know how webhooks are reached.
  const { [AUTHORIZATION]: _, [WEBHOOK_URL]: __, ...inherited } = process.env
  const env = {
    ...inherited,
    FBAS_EVENT: announcement.event,
    FBAS_ID: id,
    FBAS_TIME: time,
    FBAS_NETWORK: network,
    FBAS_TEXT: text,
    FBAS_VERDICT: verdict,
    FBAS_IN_DOUBT: String(inDoubt)
  }
  return new Promise((resolve, reject) => {
    // In a group of its own, so that its end is that of all that it has started.
    const detached = process.platform !== 'win32'
    const child = spawn(line, { shell: true, detached, env, stdio: ['pipe', process.stderr, process.stderr] })
    const end = () => endOf(child)
    process.on('exit', end)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      end()
    }, COMMAND_MS)
    const done = (reason?: string) => {
      clearTimeout(timer)
      process.off('exit', end)
      if (reason === undefined) resolve()
      else reject(new Failure(reason, STATUS.notWritten))
    }
    child.on('error', (error) => done(error.message))
    child.on('exit', (status, signal) => {
      if (isLate) done(`it was not done within ${COMMAND_MS / 1000} seconds`)
      else done(status === 0 ? undefined : `it ended with ${status === null ? signal : `status ${status}`}`)
    })
    // Who does not read its input closes the pipe.
    child.stdin?.on('error', () => {})
    child.stdin?.end(`${JSON.stringify(announcement)}\n`)
  })
}

function endOf(child: ChildProcess): void {
  try {
    if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

/** An address to post to. `version` is ours. */
export function webhook(address: string, version: string): Listener {
  if (!isAddress(address) || !URL.canParse(address))
    throw new Failure('--webhook: expected an http or https address')
  const authorization = process.env[AUTHORIZATION]
  try {
    validateHeaderValue('authorization', authorization ?? '')
  } catch {
    throw new Failure(`${AUTHORIZATION}: no header can have this value`)
  }
  const { protocol, host } = new URL(address)
  return {
    kind: 'webhook',
    called: `the webhook at ${protocol}//${host}`,
    tell: (announcement) =>
      post(address, announcement, {
        'content-type': 'application/json',
        'user-agent': `stellar-fbas/${version}`,
        'idempotency-key': announcement.id,
        ...askedFor(address).headers,
        ...(authorization === undefined ? {} : { authorization })
      })
  }
}

async function post(
  address: string,
  announcement: Announcement,
  headers: Record<string, string>
): Promise<void> {
  const limit = AbortSignal.timeout(WEBHOOK_MS)
  try {
    const answer = await fetch(askedFor(address).url, {
      method: 'POST',
      headers,
      body: JSON.stringify(announcement),
      // Who is sent elsewhere sends nothing there.
      redirect: 'manual',
      signal: limit
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Failure(`${answer.status} ${answer.statusText}`.trimEnd(), STATUS.notWritten)
  } catch (error) {
    if (error instanceof Failure) throw error
    const reason = limit.aborted ? `no answer within ${WEBHOOK_MS / 1000} seconds` : reasonOf(error)
    throw new Failure(reason, STATUS.notWritten)
  }
}
