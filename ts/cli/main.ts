#!/usr/bin/env node
/**
 * The command line: runs the program and ends with the status that it says.
 *
 * A monitor takes statuses 0 and 1 for what they say of a network. So until the program has said one, it is that of a defect, however the
 * process comes to its end.
 */

import { CommanderError } from 'commander'

import { Failure, failureOf, STATUS, type Status } from './failure.js'
import { listenToOutput, outputError, print, say } from './output.js'

const ASKED_FOR = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

process.exitCode = STATUS.defect
listenToOutput()
process.on('uncaughtException', (error) => {
  failed(error)
  process.exit()
})
// Nothing is left to wait for, and nothing was said.
process.on('beforeExit', () => failed(new Error('it ended without an answer')))

function done(status: Status): void {
  process.exitCode = status
}

function failed(error: unknown): void {
  const { message, status } = failureOf(error)
  say(`stellar-fbas: ${message}`)
  done(status)
}

/** What the commands need includes the addon, which may be missing on this machine. */
async function commands() {
  try {
    return await import('./program.js')
  } catch (error) {
    const [reason] = (error as Error).message.split('\n')
    throw new Failure(`the addon could not be loaded: ${reason}`, STATUS.defect, { cause: error })
  }
}

async function main(): Promise<void> {
  const help: string[] = []
  try {
    const { program } = await commands()
    await program(done, (text) => help.push(text)).parseAsync()
  } catch (error) {
    // Help and version end this way as well; their own status would be the one that is there already.
    if (error instanceof CommanderError) done(ASKED_FOR.has(error.code) ? STATUS.fine : STATUS.badInput)
    else failed(error)
  }
  if (help.length > 0) await print(help.join(''))
  const error = await outputError()
  if (error !== undefined) failed(error)
}

// What the addon may still be at is of no interest any more, so nothing is waited for.
void main().then(() => process.exit())
