/**
 * What of the picture can be seen: the layer and the caption of the figure that is chosen, and the lines of a cluster; in a report without any
 * script.
 */

/** The class of what shows a set, where a script knows which one is chosen. */
export function classOf(id: string): string {
  return `shows-${id}`
}

/**
 * The style that shows them by that class. Where much changes, browsers would look again and again for what is checked, and how everything on the
 * page looks would have to be worked out anew.
 */
export function visibilityByClass(ids: string[]): string {
  return ids.map((id) => shows(`.${classOf(id)}`, id)).join('')
}

/**
 * The style that shows them by what is checked.
 *
 * @param ids Of all sets that can be chosen.
 * @param opening What is shown where browsers do not know how to look for what is chosen.
 */
export function visibility(ids: string[], opening?: string): string {
  const chosen = ids.map((id) => shows(`body:has(#${id}:checked)`, id))
  const otherwise =
    opening === undefined
      ? ''
      : `@supports not selector(:has(a)){.layer.${opening}{display:inline}.caption{display:block}}`
  return chosen.join('') + otherwise
}

/** A set is shown by whatever this selects. */
function shows(by: string, id: string): string {
  return `${by} .layer.${id}{display:inline}${by} .caption.${id}{display:block}`
}

/**
 * The style that shows the lines of the cluster that somebody points at, has reached by keyboard, or whose id ends the address of the page.
 *
 * @param clusters How many there are.
 */
export function linesOfChosen(clusters: number): string {
  const chosen = Array.from(
    { length: clusters },
    (_, index) => `.picture:has(#cluster-${index}:is(:hover,:focus-within,:target)) .of-${index}`
  )
  return chosen.length === 0 ? '' : `${chosen.join()}{stroke:var(--accent);stroke-width:2.2;stroke-opacity:1}`
}
