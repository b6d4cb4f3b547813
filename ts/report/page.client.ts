/**
 * What the page does while somebody looks at it: pointing at a part of the picture, or reaching it by keyboard, shows whom it trusts; nodes
 * are searched and their keys copied, and the data is downloaded. All else, choosing what is shown included, works without it.
 */

import { copied, save } from './handing-out.client.js'
import { tellOf } from './pointing.client.js'
import { unfoldForPrint } from './printed.client.js'

const picture = document.querySelector<SVGSVGElement>('svg.picture')
const details = document.getElementById('details')

if (picture !== null && details !== null) {
  tellOf(picture, details)
  chooseByAddress(picture)
  addEventListener('hashchange', () => chooseByAddress(picture))
}

const find = document.querySelector<HTMLInputElement>('#find')
const found = document.getElementById('found')
if (find !== null && found !== null) search(find, found)
const download = document.querySelector<HTMLButtonElement>('#download')
const data = document.getElementById('data')
if (download !== null && data !== null) offer(download, data)

unfoldForPrint()

/** What the address of the page ends with is chosen, as if somebody had reached it by keyboard. */
function chooseByAddress(picture: SVGSVGElement): void {
  const chosen = document.getElementById(location.hash.slice(1))
  if (chosen instanceof SVGElement && picture.contains(chosen)) chosen.focus({ preventScroll: true })
}

/** Rows with all the words that are typed, in whatever order. */
function search(find: HTMLInputElement, found: HTMLElement): void {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('.all-nodes tbody tr')]
  const texts = rows.map((row) => (row.textContent ?? '').toLowerCase())
  const all = found.textContent ?? ''
  for (const row of rows) row.cells[row.cells.length - 1]?.append(copier(row))
  find.closest('.search')?.removeAttribute('hidden')
  find.addEventListener('input', () => {
    const words = find.value.toLowerCase().split(/\s+/)
    let count = 0
    for (const [index, row] of rows.entries()) {
      row.hidden = !words.every((word) => texts[index]?.includes(word))
      if (!row.hidden) count++
    }
    found.textContent = count === rows.length ? all : `${count.toLocaleString('en')} of ${all}`
  })
}

/** A button that copies the key of a row. */
function copier(row: HTMLTableRowElement): HTMLButtonElement {
  const button = document.createElement('button')
  const key = row.querySelector('code')
  button.type = 'button'
  button.textContent = 'copy'
  button.setAttribute('aria-label', `copy the key of ${row.cells[0]?.textContent ?? ''}`)
  button.addEventListener('click', () => {
    if (key === null) return
    const said = (what: string) => {
      button.textContent = what
      setTimeout(() => (button.textContent = 'copy'), 1500)
    }
    void copied(key).then(said)
  })
  return button
}

function offer(download: HTMLButtonElement, data: HTMLElement): void {
  download.closest('.download')?.removeAttribute('hidden')
  download.addEventListener('click', () => {
    save('stellar-fbas-report.json', data.textContent ?? '')
  })
}
