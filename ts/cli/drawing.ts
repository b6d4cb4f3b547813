/**
 * What is drawn on a terminal again and again, over what was drawn before. What draws is loaded with the first drawing: most commands have answered
 * before that, in less time than loading takes.
 */

import type { createLogUpdate } from 'log-update'

export class Drawing {
  #update: ReturnType<typeof createLogUpdate> | undefined
  /** What is to be seen; absent: nothing. */
  #text: string | undefined

  draw(text: string): void {
    this.#text = text
    if (this.#update === undefined) void this.#load()
    else this.#update(text)
  }

  /** Makes room for a word in between, until the next drawing. */
  clear(): void {
    this.#update?.clear()
  }

  /** Nothing of it stays. */
  end(): void {
    this.#text = undefined
    this.#update?.clear()
    this.#update?.done()
  }

  async #load(): Promise<void> {
    const { createLogUpdate } = await import('log-update')
    this.#update ??= createLogUpdate(process.stderr, { showCursor: true })
    if (this.#text !== undefined) this.#update(this.#text)
  }
}
