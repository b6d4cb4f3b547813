// Reads what the caller passes where the caller's own code may run: getters, proxies, `toJSON`. What that code throws is caught here, and
// what is too large is refused before it is written out: an object that is named twice is written twice, so a few dozen objects can stand
// for more text than there is memory.
;(() => {
  /** Nested deeper than any text that is read, so what is told about the place is left to the parser where it can be. */
  const DEEPEST = 4000
  const TOO_LONG = 'it is too long'

  /** A refusal of our own, in words that need nothing added. */
  class Refusal {
    constructor(problem) {
      this.problem = problem
    }
  }

  /** What was thrown, whatever it was. */
  const described = (thrown) => {
    if (thrown instanceof Refusal) return thrown.problem
    try {
      return String(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown).slice(0, 300)
    } catch {
      return 'something was thrown that cannot be written'
    }
  }

  /** Counts values and characters of the text that a value would make, and throws once there are too many. */
  const measure = (value, left, depth) => {
    if (typeof value === 'string') return void (left.characters -= value.length)
    // What writes itself is taken at its word.
    if (typeof value !== 'object' || value === null || typeof value.toJSON === 'function') return
    if (depth > DEEPEST) throw new Refusal(`nested more than ${DEEPEST} deep, or in a circle`)
    const isList = Array.isArray(value)
    // Those of a typed array are its numbers, far too many to be listed just to be counted.
    const names = isList || ArrayBuffer.isView(value) ? [] : Object.keys(value)
    // The length of a list counts even where it holds nothing.
    left.values -= isList ? value.length : (value.byteLength ?? 0) + 2 * names.length + 3
    if (left.values < 0) throw new Refusal(`more than ${left.most} values`)
    if (isList) {
      for (let index = 0, { length } = value; index < length; index++) measure(value[index], left, depth + 1)
    }
    for (const name of names) {
      left.characters -= name.length
      measure(value[name], left, depth + 1)
    }
    if (left.characters < 0) throw new Refusal(TOO_LONG)
  }

  /** The JSON text of a value, or the value itself if it is a text. */
  const textOf = (value, mostValues, mostCharacters) => {
    if (typeof value === 'string') {
      if (value.length > mostCharacters) throw new Refusal(TOO_LONG)
      return value
    }
    measure(value, { values: mostValues, characters: mostCharacters, most: mostValues }, 0)
    const text = JSON.stringify(value)
    if (typeof text !== 'string') throw new Refusal('it has none')
    return text
  }

  /** Options with nothing behind them: every property read once, no list or text longer than any that makes sense. */
  const optionsOf = (options, mostKeys, longestText) => {
    const copy = {}
    for (const name of Object.keys(options)) {
      let value = options[name]
      const refuse = (place, problem) => {
        throw new Refusal(`${`options.${name}`.slice(0, 100)}${place}: ${problem}`)
      }
      const checked = (value, place) => {
        if (typeof value !== 'string' || value.length <= longestText) return value
        return refuse(place, `expected at most ${longestText} characters`)
      }
      if (Array.isArray(value)) {
        if (value.length > mostKeys) refuse('', `expected at most ${mostKeys} items`)
        const items = []
        for (let index = 0, { length } = value; index < length; index++) {
          items.push(checked(value[index], `[${index}]`))
        }
        value = items
      } else if (name === 'signal' && value !== null && typeof value === 'object') {
        const isOne =
          typeof value.aborted === 'boolean' &&
          ['addEventListener', 'removeEventListener'].every((method) => typeof value[method] === 'function')
        if (!isOne) refuse('', 'expected an AbortSignal')
      } else if (name === 'floors' && value !== null && typeof value === 'object') {
        const floors = {}
        for (const of of Object.keys(value)) {
          Object.defineProperty(floors, of, { value: checked(value[of], `.${of}`), enumerable: true })
        }
        value = floors
      }
      Object.defineProperty(copy, name, { value: checked(value, ''), enumerable: true })
    }
    return copy
  }

  const listen = (signal, onAbort) => signal.addEventListener('abort', onAbort)
  const leave = (signal, onAbort) => signal.removeEventListener('abort', onAbort)

  const contained = (read) => (...args) => {
    try {
      return { value: read(...args) }
    } catch (thrown) {
      return { problem: described(thrown) }
    }
  }
  return {
    textOf: contained(textOf),
    optionsOf: contained(optionsOf),
    listen: contained(listen),
    leave: contained(leave)
  }
})()
