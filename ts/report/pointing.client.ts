/** Pointing at a part of the picture, or reaching it by keyboard, shows whom it trusts. */

/** Listens to a picture, and says in `details` what somebody points at; until then its own content stands there. */
export function tellOf(picture: SVGSVGElement, details: HTMLElement): void {
  const hint = [...details.childNodes]
  const itemOf = (event: Event) =>
    event.target instanceof Element ? event.target.closest<SVGElement>('.node, .cluster') : null

  picture.addEventListener('pointerover', (event) => {
    const item = itemOf(event)
    if (item === null) return
    show(item)
    const cell = event.target instanceof Element ? event.target.closest<SVGElement>('.cell') : null
    if (cell !== null) tellOfCell(item, cell)
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
    const next = neighbor(itemOf(event), event.key, picture.classList.contains('matrix'))
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
    for (const id of trusted) {
      const element = document.getElementById(id)
      element?.classList.add('trusted')
      element?.closest('.cluster')?.classList.add('touched')
    }
    const own = new Set([item.id, ...[...item.querySelectorAll('.node')].map(({ id }) => id)])
    const cluster = item.closest('.cluster')?.id ?? ''
    for (const line of picture.querySelectorAll<SVGElement>('.line')) {
      const { from = '', to = '' } = line.dataset
      const isMutual = line.classList.contains('mutual')
      // A line that starts at the organization speaks for all its nodes.
      const starts = (end: string) => own.has(end) || (item.id !== cluster && end === cluster)
      line.classList.toggle('lit', starts(from) || (isMutual && starts(to)))
    }
    tell(name, text.slice(name.length))
  }

  /** How a row trusts a column. */
  function tellOfCell(row: SVGElement, cell: SVGElement): void {
    const { to = '', named = '', share = '' } = cell.dataset
    const column = document.getElementById(`cluster-${to}`)
    for (const marked of picture.querySelectorAll('.trusted, .touched')) {
      marked.classList.remove('trusted', 'touched')
    }
    column?.classList.add('trusted', 'touched')
    const nodes = row.querySelectorAll('.node').length
    const isOne = named === '1'
    const who = nodes === 0 ? 'it names' : `${named} of its ${nodes} nodes ${isOne ? 'names' : 'name'}`
    const slices = `${share === 'all' ? 'all' : `${share} %`} of ${isOne ? 'its' : 'their'} slices`
    const how = `${who} ${column?.dataset.name ?? ''}, with a node of it in ${slices}.`
    tell(row.dataset.name ?? '', `: ${how}`)
  }

  function tell(name: string, text: string): void {
    const strong = document.createElement('b')
    strong.textContent = name
    details.replaceChildren(strong, text)
  }

  function clear(): void {
    picture.classList.remove('telling')
    for (const marked of picture.querySelectorAll('.told-of, .around, .trusted, .touched, .lit')) {
      marked.classList.remove('told-of', 'around', 'trusted', 'touched', 'lit')
    }
    details.replaceChildren(...hint)
  }
}

/** In a circle left and right go round, down goes into a cluster, up out of it; in a matrix up and down go from row to row, right into one. */
function neighbor(item: SVGElement | null, key: string, isMatrix: boolean): SVGElement | undefined {
  if (item === null) return undefined
  const cluster = item.closest<SVGElement>('.cluster') ?? item
  const isNode = item !== cluster
  const step = (selector: string, from: SVGElement, by: number) => {
    const around = [...(from.parentElement?.querySelectorAll<SVGElement>(`:scope > ${selector}`) ?? [])]
    return around[(around.indexOf(from) + by + around.length) % around.length]
  }
  const into = item.querySelector<SVGElement>(':scope > .node') ?? undefined
  const out = isNode ? cluster : undefined
  const along = (by: number) => (isNode ? step('.node', item, by) : step('.cluster', item, by))
  switch (key) {
    case 'ArrowRight':
      return isMatrix && !isNode ? into : along(1)
    case 'ArrowLeft':
      return isMatrix
        ? item.matches(':is(.node):not(.node ~ .node)')
          ? out
          : isNode
            ? along(-1)
            : undefined
        : along(-1)
    case 'ArrowDown':
      return isMatrix ? step('.cluster', cluster, 1) : into
    case 'ArrowUp':
      return isMatrix ? step('.cluster', cluster, -1) : out
    default:
      return undefined
  }
}
