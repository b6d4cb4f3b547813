/**
 * Decides which time a snapshot is of.
 *
 * A file with one snapshot has its time in its name or, if the name has no date, in its content. In a file with many snapshots the line has
 * it or, if it does not, the name of the file. Otherwise it is the time at which the file was last changed, which copying loses. A time
 * without a zone is UTC.
 */

/** A time and who says it. */
export interface Moment {
  time: Date
  from: 'name' | 'content' | 'modified'
}

/** What a network object may call its time. */
const PROPERTIES = ['time', 'timestamp', 'date']

/** 2021-03-04, 20210304, 2021_03_04T12-30-00Z, 2021/03/04 12:30, 2021-03-04T12:30:00.250+02:00, and the like. */
const DAY =
  /(?<!\d)((?:19|20)\d\d)([-_./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-T _/.]?([01]\d|2[0-3])[-:_.]?([0-5]\d)(?:[-:_.]?([0-5]\d))?(?:\.(\d{1,3})\d*)?(?:Z|([-+]\d\d:\d\d|\+\d{4}))?)?(?!\d)/gi
const MONTH = /(?<!\d)((?:19|20)\d\d)[-_./](0[1-9]|1[0-2])(?![-_./]?\d)/g
/** Seconds or milliseconds since 1970, of this century. */
const SINCE_1970 = /(?<!\d)(1\d{9}|1\d{12})(?!\d)/g

/** The time in the name of a file or, if it has none, of the folders around it: the last one there is. */
export function timeInName(path: string): Date | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return timeIn(name) ?? timeIn(path)
}

function timeIn(text: string): Date | undefined {
  const days = [...text.matchAll(DAY)].flatMap(
    ([, year, , month, day, hour, minute, second, fraction = '', zone]) => {
      const parts = [year, month, day, hour, minute, second, fraction.padEnd(3, '0')]
      const there = dateOf(parts.map((part) => Number(part ?? 0)))
      return there.map((date) => new Date(date.getTime() - minutesOf(zone) * 60_000))
    }
  )
  const months = [...text.matchAll(MONTH)].flatMap(([, year, month]) =>
    dateOf([Number(year), Number(month), 1])
  )
  const numbers = [...text.matchAll(SINCE_1970)].map(([number]) => since1970(Number(number)))
  return days.at(-1) ?? months.at(-1) ?? numbers.at(-1)
}

/** The time that a network says it is of, if it is an object that does. */
export function timeInContent(network: unknown): Date | undefined {
  if (typeof network !== 'object' || network === null || Array.isArray(network)) return undefined
  for (const property of PROPERTIES) {
    const value: unknown = (network as Record<string, unknown>)[property]
    const time =
      typeof value === 'number' ? since1970(value) : typeof value === 'string' ? written(value) : undefined
    if (time !== undefined && !Number.isNaN(time.getTime())) return time
  }
  return undefined
}

/** Without a zone it would be that of this machine. */
function written(text: string): Date {
  const isWithoutZone = /\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text) && !/[-+]\d\d:\d\d$/.test(text)
  return new Date(isWithoutZone ? `${text}Z` : text)
}

/** Seconds have ten digits for now, milliseconds more. */
function since1970(number: number): Date {
  return new Date(number < 1e11 ? number * 1000 : number)
}

/** How much a zone is ahead of UTC: `+02:00`, `+0200`; absent: it is UTC. */
function minutesOf(zone = '+00:00'): number {
  const [, sign, hours, minutes] = /([-+])(\d\d):?(\d\d)/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** Nothing where there is no such day. */
function dateOf(parts: number[]): Date[] {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = parts
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond))
  return date.getUTCDate() === day ? [date] : []
}
