/**
 * Where the two networks of a body `{"before": ..., "after": ...}` stand, so that each goes to the worker thread as it came.
 *
 * Bytes are looked at as they come in, a chunk at a time, and only for what is at the top: strings and brackets are counted off. Whether
 * what stands in between is JSON and a network is for the parser of networks to say.
 */

import { BadRequestException } from '@nestjs/common'

/** The texts of two networks, parts of one body. */
export interface TwoNetworks {
  before: Buffer
  after: Buffer
}

const EXPECTED = 'expected JSON text of an object with before and after, a network each'
/** Of an object with one property more than expected: enough to name it. */
const MOST_MARKS = 8
/** The longest name of a property that is read. Every character of an expected one may be written as an escape of six. */
const LONGEST_NAME = 64

const code = (char: string) => char.charCodeAt(0)
const [QUOTE, BACKSLASH, COLON, COMMA] = [code('"'), code('\\'), code(':'), code(',')]
const [BRACE, BRACKET, END_OF_BRACE, END_OF_BRACKET] = [code('{'), code('['), code('}'), code(']')]
const BLANK = [...' \t\r\n'].map(code)
/** What a text may begin with, to say that it is UTF-8. */
const BYTE_ORDER_MARK = [...Buffer.from('\uFEFF')]

/** Follows a body to its end, and tells its parts then. */
export class Outline {
  /** How many bytes were there before the chunk. */
  private at = 0
  private depth = 0
  private isInString = false
  private isEscaped = false
  /** Whether something stands beside the outermost brackets. */
  private isBeside = false
  /** Where the outermost brackets are, and the colons and commas directly inside. */
  private readonly marks: number[] = []

  push(chunk: Uint8Array): void {
    for (let index = 0; index < chunk.length; index++) {
      if (this.isInString) index = this.endOfString(chunk, index)
      else this.see(chunk[index] ?? 0, this.at + index)
    }
    this.at += chunk.length
  }

  /** Where a string ends, or the chunk: most bytes of a network are in strings. */
  private endOfString(chunk: Uint8Array, from: number): number {
    let isEscaped = this.isEscaped
    let index = from
    for (; index < chunk.length; index++) {
      const byte = chunk[index]
      if (isEscaped) isEscaped = false
      else if (byte === BACKSLASH) isEscaped = true
      else if (byte === QUOTE) {
        this.isInString = false
        break
      }
    }
    this.isEscaped = isEscaped
    return index
  }

  /** A byte that is not in a string. */
  private see(byte: number, at: number): void {
    if (byte === QUOTE) {
      this.isInString = true
      if (this.depth <= 0) this.isBeside = true
    } else if (byte === BRACE || byte === BRACKET) {
      if (this.depth === 0) this.mark(at)
      this.depth++
    } else if (byte === END_OF_BRACE || byte === END_OF_BRACKET) {
      this.depth--
      if (this.depth === 0) this.mark(at)
      if (this.depth < 0) this.isBeside = true
    } else if (this.depth <= 0) {
      if (!BLANK.includes(byte) && BYTE_ORDER_MARK[at] !== byte) this.isBeside = true
    } else if (this.depth === 1 && (byte === COLON || byte === COMMA)) {
      this.mark(at)
    }
  }

  private mark(at: number): void {
    if (this.marks.length < MOST_MARKS) this.marks.push(at)
  }

  /** The parts of the body whose bytes were pushed, or what is wrong with it. */
  networks(body: Buffer): TwoNetworks | BadRequestException {
    if (this.isInString || this.depth > 0) return refused('body', 'the text ends too early, ')
    const shape = String.fromCharCode(...this.marks.map((mark) => body[mark] ?? 0))
    if (this.isBeside || !/^\{(:(,:)*)?\}?$/.test(shape)) return refused('body')
    const found = new Map<string, Buffer>()
    for (let colon = 1; shape[colon] === ':'; colon += 2) {
      const [start = 0, middle = 0, end = 0] = this.marks.slice(colon - 1)
      const name = nameIn(body.subarray(start + 1, middle))
      if (name === undefined) return refused('body')
      if (name !== 'before' && name !== 'after') return refused('body', `there is ${JSON.stringify(name)}, `)
      if (found.has(name)) return refused(name, 'it is there twice, ')
      found.set(name, body.subarray(middle + 1, end))
    }
    const [before, after] = [found.get('before'), found.get('after')]
    if (before === undefined) return refused('before', 'it is missing, ')
    return after === undefined ? refused('after', 'it is missing, ') : { before, after }
  }
}

/** The name of a property, cut where it is longer than any that is expected; undefined if none is written there. */
function nameIn(text: Buffer): string | undefined {
  const isBlank = (at: number) => BLANK.includes(text[at] ?? 0)
  let [start, end] = [0, text.length]
  while (start < end && isBlank(start)) start++
  while (start < end && isBlank(end - 1)) end--
  if (end - start > LONGEST_NAME) return `${text.toString('utf8', start, start + LONGEST_NAME)}...`
  try {
    const name: unknown = JSON.parse(text.toString('utf8', start, end))
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}

function refused(place: string, found = ''): BadRequestException {
  return new BadRequestException(`${place}: ${found}${EXPECTED}`)
}
