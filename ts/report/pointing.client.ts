/** Pointing at a part of the picture, or reaching it by keyboard, shows whom it trusts. */

/** Listens to a picture, and says in `details` what somebody points at; until then its own content stands there. */
export function tellOf(picture: SVGSVGElement, details: HTMLElement): void {
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
