/** The snapshots as they lie in the page: each node, each name and each top tier once. */

import type { Called } from '../../study/record.js'
import { embedded } from '../embedded.js'
import { COLUMNS, type Moment, type Shown, type Timeline } from './moments.js'

type Packed = number | [number, number | null] | 'none' | 'no quorum' | 'no data'

/** What lies in the page. */
export interface Wire {
  /** Of the time axis, in milliseconds since 1970. */
  begin: number
  end: number
  keys: string[]
  names: ([name: string, organization?: string] | null)[]
  tiers: number[][]
  moments: {
    at: number
    of: string
    is: Moment['state']
    error?: string
    why?: Moment['why']
    doubts?: string[]
    symmetric?: boolean
    listed?: number
    figures?: Packed[]
    tier?: number
  }[]
}

/** The snapshots as text for a page. */
export function packed({ moments, spans }: Timeline, names: Map<string, Called>): string {
  const keys = new Map<string, number>()
  const tiers = new Map<string, number>()
  const numbered = <T>(known: Map<T, number>, one: T): number => {
    const number = known.get(one) ?? known.size
    known.set(one, number)
    return number
  }
  const wire: Wire = {
    begin: spans[0]?.begin ?? 0,
    end: spans.at(-1)?.end ?? 0,
    moments: moments.map(
      ({ time, snapshot, state, error, why, doubts, isSymmetric, nodeCount, figures, tier }) => ({
        ...{ at: time, of: snapshot, is: state },
        ...(error !== null
          ? { error }
          : {
              ...(why === null ? {} : { why }),
              ...(doubts.length === 0 ? {} : { doubts }),
              ...(isSymmetric === null ? {} : { symmetric: isSymmetric }),
              ...(nodeCount === null ? {} : { listed: nodeCount }),
              figures: COLUMNS.map((column) => packedFigure(figures[column] ?? { kind: 'no data' })),
              tier: numbered(tiers, tier.map((key) => numbered(keys, key)).join())
            })
      })
    ),
    keys: [...keys.keys()],
    names: [...keys.keys()].map((key) => {
      const called = names.get(key)
      if (called === undefined) return null
      return called.organization === undefined ? [called.name] : [called.name, called.organization]
    }),
    tiers: [...tiers.keys()].map((text) => (text === '' ? [] : text.split(',').map(Number)))
  }
  return embedded(wire)
}

/** The same again. */
export function unpacked(wire: Wire): { moments: Moment[]; names: Map<string, Called> } {
  const names = wire.keys.flatMap((key, index): [string, Called][] => {
    const called = wire.names[index]
    return called == null ? [] : [[key, { name: called[0], organization: called[1] }]]
  })
  const moments = wire.moments.map(
    ({ at, of, is, error, why, doubts, symmetric, listed, figures, tier }): Moment => ({
      ...{ time: at, snapshot: of, state: is, error: error ?? null },
      why: why ?? null,
      doubts: doubts ?? [],
      isSymmetric: symmetric ?? null,
      nodeCount: listed ?? null,
      figures: Object.fromEntries(
        (figures ?? []).map((figure, index) => [COLUMNS[index] ?? '', unpackedFigure(figure)])
      ),
      tier: (tier === undefined ? [] : (wire.tiers[tier] ?? [])).map((key) => wire.keys[key] ?? '')
    })
  )
  return { moments, names: new Map(names) }
}

function packedFigure(shown: Shown): Packed {
  switch (shown.kind) {
    case 'exactly':
      return shown.size
    case 'between':
      return [shown.atLeast, shown.atMost]
    case 'none':
    case 'no quorum':
    case 'no data':
      return shown.kind
  }
}

function unpackedFigure(figure: Packed): Shown {
  if (typeof figure === 'number') return { kind: 'exactly', size: figure }
  if (typeof figure === 'string') return { kind: figure }
  return { kind: 'between', atLeast: figure[0], atMost: figure[1] }
}
