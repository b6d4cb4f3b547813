// A process that runs command lines in one folder, one after another, with whatever program.

import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

import { environment, MAIN, type Ended } from './command.js'

/** What a program leaves behind, and the places that it reached. */
export interface Reached extends Ended {
  reached: number[]
}

export class Runner {
  readonly #child: ChildProcess
  #isBusy = false

  /** Ends with an error once some command lines have taken longer than is permitted. */
  constructor(
    folder: string,
    env: NodeJS.ProcessEnv = {},
    readonly mostMs = Infinity
  ) {
    this.#child = fork(join(__dirname, 'batch.cjs'), {
      cwd: folder,
      env: environment(env),
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc']
    })
  }

  /** The outcomes of command lines. Rejects where the program takes the process down; it is of no use then. */
  async run(commands: string[][], program = MAIN): Promise<Ended[]> {
    return this.#send({ program, commands })
  }

  /** The same, and which of some places of the program each of them reached, as offsets into its text. */
  async runReaching(commands: string[][], program: string, places: number[]): Promise<Reached[]> {
    return this.#send({ program, commands, places })
  }

  async #send<T extends Ended>(asked: {
    program: string
    commands: string[][]
    places?: number[]
  }): Promise<T[]> {
    assert.ok(!this.#isBusy, 'one after another')
    this.#isBusy = true
    const child = this.#child
    const timer = Number.isFinite(this.mostMs)
      ? setTimeout(() => child.kill('SIGKILL'), this.mostMs)
      : undefined
    try {
      return await new Promise((resolve, reject) => {
        const failed = (code: number | null, signal: string | null) =>
          reject(new Error(`the program took the process down: ${code ?? signal}`))
        child.once('exit', failed)
        child.once('message', (outcomes: T[]) => {
          child.off('exit', failed)
          resolve(outcomes)
        })
        child.send(asked)
      })
    } finally {
      clearTimeout(timer)
      this.#isBusy = false
    }
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
