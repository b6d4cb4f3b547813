/** What a watch prints: a line for each scan, and one for each change for the worse or the better; as text, or as NDJSON. */

import { checkOf } from '../../study/check.js'
import { columnsOf, figureText } from '../../study/figures.js'
import { ORGANIZATIONS } from '../../study/groupings.js'
import { headlineOf } from '../../study/headline.js'
import { missingIn, recordOf } from '../../study/record.js'
import { unprovenIn, type Study } from '../../study/study.js'
import { visible } from '../../study/visible.js'
import { jsonText } from '../output.js'
import { changeWords, type Announcement } from './announcement.js'
import type { FigureChange, Scan } from './baselines.js'
import type { Outcome } from './condition.js'

export const FORMATS = ['lines', 'ndjson'] as const
export type Format = (typeof FORMATS)[number]

export function scanLine({ time, study, hash }: Scan, format: Format): string {
  const record = { ...recordOf(study, missingIn(study.counted), study.nodes.length), hash }
  return line(format, time, `${checkOf(study)}: ${summaryOf(study)}`, 'scan', record)
}

export function failedLine(time: string, reason: Outcome, error: string, format: Format): string {
  return line(format, time, `failed: ${error}`, 'failed', { reason, error })
}

export function worseLine(announcement: Announcement, format: Format): string {
  const { event, time, changes, inDoubt, doubts, ...more } = announcement
  const words = `worse: ${changes.map(changeWords).join('; ')}`
  return line(format, time, inDoubt ? `${words} (in doubt: ${doubts.join(' ')})` : words, event, {
    ...{ changes, inDoubt, doubts },
    ...more
  })
}

export function betterLine(time: string, changes: FigureChange[], format: Format): string {
  return line(format, time, `better: ${changes.map(changeWords).join('; ')}`, 'better', { changes })
}

function line(format: Format, time: string, words: string, event: string, more: object): string {
  return format === 'ndjson' ? `${jsonText({ event, time, ...more })}\n` : `${time} ${visible(words)}\n`
}

/** The answer in short, and the figures of the organizations, or of nodes where none has one. */
function summaryOf(study: Study): string {
  const { counted, doubts, intersection } = study
  const { words } = headlineOf(study)
  const hanging = doubts.map(({ words }) => ` In doubt: ${words}`)
  if (intersection.kind === 'nothing known') return [words, ...hanging].join('')
  const told =
    counted.find(({ grouping, data }) => grouping.key === ORGANIZATIONS.key && data.kind !== 'missing') ??
    counted[0]
  const figures = columnsOf(study).map((column) => `${column.kind.column} ${figureText(study, told, column)}`)
  const open = unprovenIn(study).length === 0 ? '' : ' Not all figures are proven.'
  return `${words} Counting ${told.grouping.many}: ${figures.join('; ')}.${open}${hanging.join('')}`
}
