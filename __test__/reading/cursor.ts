// Reading a text to its end: every piece must be one that is known, so that nothing is said that nobody holds against the truth.

import assert from 'node:assert/strict'

/** A place in a text. */
export class Cursor {
  #at = 0
  readonly #text: string

  /** White space counts as one space each, as to a reader. */
  constructor(text: string) {
    this.#text = text.replace(/\s+/g, ' ').trim()
  }

  get rest(): string {
    return this.#text.slice(this.#at)
  }

  get isAtEnd(): boolean {
    return this.rest === ''
  }

  /** What stands here, if it is this; reading goes on behind it. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = new RegExp(`^(?:${pattern.source})(?= |$)`, pattern.flags).exec(this.rest)
    if (found === null) return undefined
    this.#at += found[0].length
    if (this.rest.startsWith(' ')) this.#at++
    return found
  }

  /** What has to stand here. */
  expect(pattern: RegExp): RegExpExecArray {
    const found = this.take(pattern)
    assert.ok(found !== undefined, `expected ${pattern}, found: ${this.rest}`)
    return found
  }

  end(): void {
    assert.equal(this.rest, '', 'a sentence that nobody knows')
  }
}

/** A sentence as a pattern: what is in angle brackets is looked up in `parts`, all else stands for itself. */
export function sentence(text: string, parts: Record<string, string> = {}): RegExp {
  const source = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<(\w+)>/g, (_, name: string) => {
    const part = parts[name] ?? PARTS[name]
    assert.ok(part !== undefined, name)
    return part
  })
  return new RegExp(source)
}

const PARTS: Record<string, string> = {
  number: '([\\d,]+)',
  counted: '([\\d,]+ [a-z]+)'
}
