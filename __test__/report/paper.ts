// A page as it is printed on A4: on which sheets its parts come to stand. Read from the PDF that Chromium makes, in which each place that a link
// leads to has its sheet; every text gets such places where it begins and where it ends.

import assert from 'node:assert/strict'

import type { Page } from 'playwright-core'

/** An A4 sheet without its margins of 14 mm, in pixels. */
export const SHEET = { width: 688, height: 1016 }

/** What stands on one sheet. */
const WHOLE = [
  ...['.answer-bar', '.verdicts .verdict', '.changed li', 'tr', 'figure', '.figures', '.caption'],
  ...['.terms dd', '.row', '.group-head', 'p']
].join()

/** What stands on one sheet where it is not taller than one, as where hundreds of nodes are named. */
const FITTING = 'main > section:not(.all-nodes, .verdicts), .findings li, .misbehaving .verdict'

/** What has a heading, and what of it has to stand on the heading's sheet: the first of these, else the first paragraph. */
const HEADED = 'section:has(> h2), .verdict, .group, .findings li'
const HEADING = ':scope > :is(h2, h3, .group-head)'
const FOLLOWING = 'tbody tr, li, figure, .figures, dd'

interface Part {
  /** What it is, to be found in a message. */
  what: string
  /** Pixels. */
  height: number
  /** Ids of the places in it. */
  places: string[]
}

interface Marked {
  whole: Part[]
  fitting: Part[]
  /** A heading, with what follows it. */
  headed: [Part, Part][]
}

/** Parts that are cut by the end of a sheet, and headings that end one. Changes the page. */
export async function cutByPages(page: Page): Promise<{ sheets: number; cut: string[]; alone: string[] }> {
  await page.setViewportSize(SHEET)
  await page.emulateMedia({ media: 'print' })
  const { whole, fitting, headed } = await marked(page)
  assert.ok(whole.length > 0 && headed.length > 0)
  const { sheets, sheetOf } = placesIn(await page.pdf({ format: 'A4', preferCSSPageSize: true }))
  const sheetsOf = ({ what, places }: Part) => {
    const found = places.map((place) => sheetOf.get(place))
    assert.ok(found.length > 0 && !found.includes(undefined), `places of ${what}`)
    return new Set(found)
  }
  return {
    sheets,
    cut: [...whole, ...fitting.filter(({ height }) => height <= SHEET.height)]
      .filter((part) => sheetsOf(part).size > 1)
      .map(({ what }) => what),
    alone: headed
      .filter(
        ([heading, { places }]) =>
          sheetsOf(heading).size > 1 || sheetOf.get(places[0] ?? '') !== [...sheetsOf(heading)][0]
      )
      .map(([{ what }]) => what)
  }
}

/** Marks where every text that can be seen begins and ends, and every picture begins. */
async function marked(page: Page): Promise<Marked> {
  // The runner of the tests names functions by a helper of its own, which the page has not.
  await page.evaluate('globalThis.__name = (named) => named')
  return page.evaluate(
    ({ WHOLE, FITTING, HEADED, HEADING, FOLLOWING }) => {
      const links = document.createElement('nav')
      let count = 0
      const place = () => {
        const place = document.createElement('i')
        place.id = `place-${count++}`
        const link = document.createElement('a')
        link.href = `#${place.id}`
        links.append(link)
        return place
      }
      const isSeen = (element: Element) => element.checkVisibility() && element.closest('.hidden') === null
      const texts: Text[] = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) texts.push(walker.currentNode as Text)
      // All are looked at before anything changes: the page is laid out once.
      const seenTexts = texts.filter(({ data, parentElement: around }) => {
        return (
          around !== null && data.trim() !== '' && around.closest('svg, script') === null && isSeen(around)
        )
      })
      for (const text of seenTexts) {
        const span = document.createElement('span')
        text.replaceWith(span)
        span.append(place(), text, place())
      }
      for (const figure of document.querySelectorAll('figure')) figure.prepend(place())
      links.hidden = true
      document.body.append(links)

      const part = (element: Element) => ({
        what: `${element.tagName} ${element.className} ${(element.textContent ?? '').slice(0, 40)}`,
        height: element.getBoundingClientRect().height,
        places: [...element.querySelectorAll('[id^=place-]')].map(({ id }) => id)
      })
      const seen = (selector: string, within: ParentNode = document) =>
        [...within.querySelectorAll(selector)].filter(isSeen)
      const parts = (selector: string) =>
        seen(selector)
          .map(part)
          .filter(({ places }) => places.length > 0)
      return {
        whole: parts(WHOLE),
        fitting: parts(FITTING),
        headed: seen(HEADED).flatMap((element): [Part, Part][] => {
          const [heading] = seen(HEADING, element)
          const following = seen(FOLLOWING, element)[0] ?? seen('p', element)[0]
          return heading === undefined || following === undefined ? [] : [[part(heading), part(following)]]
        })
      }
    },
    { WHOLE, FITTING, HEADED, HEADING, FOLLOWING }
  )
}

/** How many sheets a PDF of Chromium's has, and on which of them each place is. */
function placesIn(pdf: Buffer): { sheets: number; sheetOf: Map<string, number> } {
  const text = pdf.toString('latin1')
  const kids = new Map(
    [...text.matchAll(/(\d+) 0 obj\n<<\/Type \/Pages\b[^>]*?\/Kids \[([^\]]*)\]/g)].map(
      ([, id = '', list = '']) => [id, [...list.matchAll(/(\d+) 0 R/g)].map(([, kid = '']) => kid)]
    )
  )
  const below = (id: string): string[] => kids.get(id)?.flatMap(below) ?? [id]
  const sheets = below(/\/Type \/Catalog\n\/Pages (\d+) 0 R/.exec(text)?.[1] ?? '')
  const found = [...text.matchAll(/\/(place-\d+) \[(\d+) 0 R/g)]
  return {
    sheets: sheets.length,
    sheetOf: new Map(found.map(([, place = '', id = '']) => [place, sheets.indexOf(id)]))
  }
}
