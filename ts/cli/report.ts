/** `report`: everything as one HTML file to look at, or the picture of the network alone. */

import type { ShownSet } from '../report/index.js'
import type { Reading } from './input.js'
import type { Options } from './options.js'
import { print, save, say } from './output.js'
import type { Session } from './session.js'
import { checkOf, type Check } from '../study/check.js'
import { BLOCKING, HISTORY_CRITICAL, SPLITTING, TOP_TIER } from '../study/kinds.js'
import { study, unprovenIn, type Study } from '../study/study.js'

export interface ReportOptions extends Options {
  output?: string
  svg?: boolean
  /** Absent: the top tier. */
  show?: ShownSet
  title?: string
  date?: string
}

/** What the pictures show. */
const SHOWN = {
  'top-tier': TOP_TIER,
  blocking: BLOCKING,
  splitting: SPLITTING,
  'history-critical': HISTORY_CRITICAL
}

/** A report that is ready to be written. */
export interface Written {
  study: Study
  unproven: string[]
  verdict: Check
  /** Writes it and says where it is. */
  write: () => Promise<void>
}

export async function report(session: Session, reading: Reading, options: ReportOptions): Promise<Written> {
  const all = await study(session, { ...reading, title: options.title ?? reading.title })
  return {
    study: all,
    unproven: unprovenIn(all),
    verdict: checkOf(all),
    write: async () => {
      // Loaded only here: nothing else needs what draws pictures.
      const { reportHtml, pictureSvg, isMarked } = await import('../report/index.js')
      const show = options.show ?? 'top-tier'
      if (options.svg && !isMarked(all, show))
        say(`nothing is marked in the picture: there is no ${SHOWN[show].one}, or none is known`)
      const content = options.svg ? pictureSvg(all, show) : reportHtml(all, { date: options.date })
      const file = options.output ?? (options.svg ? 'stellar-fbas.svg' : 'stellar-fbas-report.html')
      if (file === '-') {
        await print(content)
        return
      }
      await save(file, content)
      say(`written to ${file}`)
    }
  }
}
