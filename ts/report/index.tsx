/**
 * The report: one HTML file that needs nothing else, the same of many snapshots over time, and the picture of the network alone. Made without a clock: the same study, the same text.
 * With it comes what it is made from: the study of a network, the verdicts in words, and what changed between two studies.
 *
 * @module stellar-fbas/report
 */

import { renderToStaticMarkup } from 'preact-render-to-string'

import type { Called, SnapshotRecord } from '../study/record.js'
import type { Study } from '../study/study.js'
import { dataOf } from './data.js'
import { linesOfChosen, visibility } from './layers.js'
import { Page } from './page.js'
import { partsWith } from './parts.js'
import { partsOf, titleOf } from './figures.js'
import { Picture } from './picture/picture.js'
import { layOut, withoutNames } from './picture/layout.js'
import { openingSet, setsIn } from './picture/sets.js'
import { trustIn } from './picture/trust.js'
import { timelineOf } from './time/moments.js'
import { OverTime } from './time/page.js'
import { packed } from './time/wire.js'

export {
  changesBetween,
  doubtsOfChanges,
  type Change,
  type Direction,
  type Side,
  type Sided,
  type SidedDoubt,
  type Silence
} from '../study/changes.js'
export { checkOf, type Check } from '../study/check.js'
export {
  compareNetworks,
  comparisonOf,
  type Comparison,
  type ComparisonOptions
} from '../study/comparison.js'
export { type Directory, type GroupData } from '../study/directory.js'
export { type Doubt, type Subject } from '../study/doubts.js'
export { type Activity, type Intersection } from '../study/facts.js'
export { type Grouping } from '../study/groupings.js'
export {
  type Bounds,
  type Called,
  type Figure,
  type FlatFigures,
  type NetworkRecord,
  type SnapshotRecord
} from '../study/record.js'
export { type QuorumSetDifference, type Threshold } from '../study/quorum-set-changes.js'
export {
  studyNetwork,
  unprovenIn,
  type Answered,
  type Answers,
  type Counted,
  type NetworkStudyOptions,
  type Study
} from '../study/study.js'
export { headlineOf, type Headline } from '../study/headline.js'
export { verdictsOn, type Culprit, type Culprits, type Mood, type Verdict } from '../study/verdicts.js'

/** What is built from page.client.ts, page.css and picture.css, and from those of the page over time. */
declare const TIME_SCRIPT: string
declare const TIME_STYLE: string
declare const PAGE_SCRIPT: string
declare const PAGE_STYLE: string
declare const PICTURE_STYLE: string

export interface ReportHtmlOptions {
  /** What the data is of, as people say it. */
  date?: string | undefined
}

/** The report as HTML. */
export function reportHtml(study: Study, { date }: ReportHtmlOptions = {}): string {
  const sets = setsIn(study)
  const trust = trustIn(study)
  const narrow = `@media screen and (max-width:600px){.frame .picture{${withoutNames(layOut(trust))}}}`
  const style =
    PICTURE_STYLE +
    PAGE_STYLE +
    visibility(
      sets.map(({ id }) => id),
      openingSet(study, sets)?.id
    ) +
    linesOfChosen(trust.form === 'circle' ? trust.clusters.length : 0) +
    narrow
  const parts = partsWith(style, PAGE_SCRIPT, dataOf(study, date))
  const page = <Page {...{ study, trust, sets, date, parts }} />
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}

export interface HistoryHtmlOptions {
  /** What the network is called. */
  title?: string | undefined
  /** What people call the nodes of top tiers, by public key. Absent: their keys. */
  names?: Map<string, Called> | undefined
}

/**
 * The figures of many snapshots over time, as one HTML file. The same records give the same text.
 *
 * @param records In the order of time.
 */
export function historyHtml(records: SnapshotRecord[], options: HistoryHtmlOptions = {}): string {
  const { title = 'The network', names = new Map<string, Called>() } = options
  const timeline = timelineOf(records)
  const style = PICTURE_STYLE + PAGE_STYLE + TIME_STYLE
  const parts = partsWith(style, TIME_SCRIPT, packed(timeline, names))
  const page = <OverTime {...{ records, timeline, names, title, parts }} />
  return `<!doctype html>\n${renderToStaticMarkup(page)}\n`
}

/** Which smallest set the picture shows. */
export type ShownSet = 'top-tier' | 'blocking' | 'splitting' | 'history-critical'

/** Whether there is such a set to mark in the picture. */
export function isMarked(study: Study, show: ShownSet): boolean {
  return setsIn(study).some(({ kind }) => kind === show)
}

/** The picture as SVG, with one of the sets in it. */
export function pictureSvg(study: Study, show: ShownSet): string {
  const shown = setsIn(study).find(({ kind }) => kind === show)
  const trust = trustIn(study)
  const caption = shown === undefined ? undefined : { title: titleOf(study, shown), parts: partsOf(shown) }
  const picture = <Picture {...{ study, trust, caption }} sets={shown === undefined ? [] : [shown]} />
  const style = `${PICTURE_STYLE}.layer{display:inline}`
  const text = renderToStaticMarkup(picture)
  // A file of its own has nobody around it who says how it looks.
  return `${text.replace('>', `><style>${style}</style>`)}\n`
}
