/**
 * Text of strangers, made safe to print: names of nodes and organizations are whatever somebody typed, and a terminal obeys control
 * characters.
 *
 * Replaced are controls, line and paragraph separators, and what changes the direction of text or is invisible (general categories Cc, Cf,
 * Zl, Zp, and halves of surrogate pairs).
 */

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Longest name that is printed; keys have 56 characters. */
const LONGEST = 60

/** The text with everything that a terminal would act on written out, as in `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** The same for text of several lines that are ours. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

/** A name as it is printed: visible, and no longer than a line. */
export function printable(name: string): string {
  const text = visible(name).trim()
  const characters = [...text]
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`
}

/** JSON text that is the same to a parser and harmless to a terminal. */
export function visibleJson(json: string): string {
  const written = (character: string) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join('')
  return json.replace(UNSEEN, written)
}
