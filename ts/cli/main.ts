#!/usr/bin/env node
/** The command line: runs the program and ends with the status that it says. */

import { CommanderError } from 'commander'

import { Failure, failureOf, STATUS, type Status } from './failure.js'
import { say } from './output.js'

// Whoever reads a pipe may stop reading: that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

function done(status: Status): void {
  process.exitCode = status
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
  try {
    const { program } = await commands()
    await program(done).parseAsync()
  } catch (error) {
    // Help and version end this way as well.
    if (error instanceof CommanderError) return done(error.exitCode === 0 ? STATUS.fine : STATUS.badInput)
    const { message, status } = failureOf(error)
    say(`stellar-fbas: ${message}`)
    done(status)
  }
}

// What the addon may still be at is of no interest any more, so nothing is waited for.
void main().then(() => process.exit())
