/**
 * What the page does while somebody looks at it: pointing at a part of the picture, or reaching it by keyboard, shows whom it trusts; nodes
 * are searched and their keys copied, and the data is downloaded. All else, choosing what is shown included, works without it.
 */

import { unfoldForPrint } from './printed.client.js'

const picture = document.querySelector<SVGSVGElement>('svg.picture')
const details = document.getElementById('details')

if (picture !== null && details !== null) watch(picture, details)

const find = document.querySelector<HTMLInputElement>('#find')
const found = document.getElementById('found')
if (find !== null && found !== null) search(find, found)
const download = document.querySelector<HTMLButtonElement>('#download')
const data = document.getElementById('data')
if (download !== null && data !== null) offer(download, data)

unfoldForPrint()

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

/** A button that copies the key of a row or, where that is not allowed, selects it. */
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
    const select = () => {
      getSelection()?.selectAllChildren(key)
      said('selected')
    }
    // Not there on pages that came unencrypted.
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (clipboard === undefined) select()
    else clipboard.writeText(key.textContent ?? '').then(() => said('copied'), select)
  })
  return button
}

function offer(download: HTMLButtonElement, data: HTMLElement): void {
  download.closest('.download')?.removeAttribute('hidden')
  download.addEventListener('click', () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([data.textContent ?? ''], { type: 'application/json' }))
    link.download = 'stellar-fbas-report.json'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  })
}

function watch(picture: SVGSVGElement, details: HTMLElement): void {
  const hint = [...details.childNodes]
  const itemOf = (event: Event) =>
    event.target instanceof Element ? event.target.closest<SVGElement>('.node, .cluster') : null

  picture.addEventListener('pointerover', (event) => {
    const item = itemOf(event)
    if (item !== null) show(item)
  })
  picture.addEventListener('pointerleave', () => {
    const focused = itemOf({ target: document.activeElement } as unknown as Event)
    if (focused === null) clear()
    else show(focused)
  })
  picture.addEventListener('focusin', (event) => {
    const item = itemOf(event)
    if (item !== null) show(item)
  })
  picture.addEventListener('focusout', clear)
  picture.addEventListener('keydown', (event) => {
    const next = neighbor(itemOf(event), event.key)
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  })

  function show(item: SVGElement): void {
    clear()
    const { name = '', trusts = '' } = item.dataset
    const text = item.querySelector(':scope > title')?.textContent ?? ''
    const trusted = trusts.split(' ').filter((id) => id !== '')
    picture.classList.add('telling')
    item.classList.add('told-of')
    item.closest('.cluster')?.classList.add('around')
    for (const id of trusted) document.getElementById(id)?.classList.add('trusted')
    const own = new Set([item.id, ...[...item.querySelectorAll('.node')].map(({ id }) => id)])
    const cluster = item.closest('.cluster')?.id ?? ''
    for (const line of picture.querySelectorAll<SVGElement>('.line')) {
      const { from = '', to = '' } = line.dataset
      const isMutual = line.classList.contains('mutual')
      // A line that starts at the organization speaks for all its nodes.
      const starts = (end: string) => own.has(end) || (item.id !== cluster && end === cluster)
      line.classList.toggle('lit', starts(from) || (isMutual && starts(to)))
    }
    const strong = document.createElement('b')
    strong.textContent = name
    details.replaceChildren(strong, text.slice(name.length))
  }

  function clear(): void {
    picture.classList.remove('telling')
    for (const marked of picture.querySelectorAll('.told-of, .around, .trusted, .lit')) {
      marked.classList.remove('told-of', 'around', 'trusted', 'lit')
    }
    details.replaceChildren(...hint)
  }
}

/** Left and right go round, down goes into an organization, up out of it. */
function neighbor(item: SVGElement | null, key: string): SVGElement | undefined {
  if (item === null) return undefined
  const isNode = item.classList.contains('node')
  const around = [
    ...(item.parentElement?.querySelectorAll<SVGElement>(isNode ? ':scope > .node' : ':scope > .cluster') ??
      [])
  ]
  const at = around.indexOf(item)
  switch (key) {
    case 'ArrowRight':
      return around[(at + 1) % around.length]
    case 'ArrowLeft':
      return around[(at + around.length - 1) % around.length]
    case 'ArrowDown':
      return item.querySelector<SVGElement>(':scope > .node') ?? undefined
    case 'ArrowUp':
      return isNode ? (item.closest<SVGElement>('.cluster') ?? undefined) : undefined
    default:
      return undefined
  }
}
