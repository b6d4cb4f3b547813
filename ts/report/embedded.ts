/** Data that lies in a page: JSON of which nothing ends an element and nothing is invisible. */

/** @param replacer As `JSON.stringify` takes it. */
export function embedded(data: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return JSON.stringify(data, replacer).replace(/[<\u007f-\uffff]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
