/** What of the picture can be seen without any script: the layer and the caption of the figure that is chosen, and the lines of a cluster. */

/**
 * The style that shows them.
 *
 * @param ids Of all sets that can be chosen.
 * @param opening What is shown where browsers do not know how to look for what is chosen.
 */
export function visibility(ids: string[], opening?: string): string {
  const chosen = ids.map(
    (id) =>
      `body:has(#${id}:checked) .layer.${id}{display:inline}body:has(#${id}:checked) .caption.${id}{display:block}`
  )
  const otherwise =
    opening === undefined
      ? ''
      : `@supports not selector(:has(a)){.layer.${opening}{display:inline}.caption{display:block}}`
  return chosen.join('') + otherwise
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
