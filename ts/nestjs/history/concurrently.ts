/** Work on what a source gives, several at a time and no faster than the results are taken. Bundled with the library that does it. */

import { pMapIterable } from 'p-map'

/** How much at a time. */
export interface Bounds {
  /** How many are worked on. */
  atOnce: number
  /** How many results may wait to be taken, or for one before them. */
  ahead: number
  /** Whether results come in the order of the source; otherwise as soon as they are there. */
  inOrder: boolean
}

/**
 * What becomes of each. Nothing more is taken from the source while as many results wait as may. Fails with the source, and where the work
 * fails; ends the source where whoever takes the results ends.
 */
export function concurrently<Item, Outcome>(
  source: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Outcome>,
  { atOnce, ahead, inOrder }: Bounds
): AsyncIterable<Outcome> {
  const bounds = { concurrency: atOnce, backpressure: atOnce + ahead, preserveOrder: inOrder }
  // Nobody here answers with one of the library's symbols.
  return pMapIterable(source, work, bounds) as AsyncIterable<Outcome>
}

/** What a source gives until a signal fires: then it fails with the reason, without waiting for a source that is silent. */
export function until<Item>(
  signal: AbortSignal,
  source: Iterable<Item> | AsyncIterable<Item>
): AsyncIterable<Item> {
  return {
    [Symbol.asyncIterator]() {
      const items =
        Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
      return {
        next: () =>
          new Promise((resolve, reject) => {
            const fire = () => reject(signal.reason as Error)
            signal.addEventListener('abort', fire, { once: true })
            if (signal.aborted) fire()
            else
              void next(items)
                .finally(() => signal.removeEventListener('abort', fire))
                .then(resolve, reject)
          }),
        return: async () => {
          const ended = Promise.resolve(items.return?.())
          // Who was asked for the next item and is silent does not answer this either.
          if (signal.aborted) ended.catch(() => {})
          else await ended
          return { done: true, value: undefined }
        }
      }
    }
  }
}

/** Also where a source throws at once. */
async function next<Item>(items: Iterator<Item> | AsyncIterator<Item>): Promise<IteratorResult<Item>> {
  return items.next()
}
