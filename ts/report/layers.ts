/** Which layer of the picture and which caption can be seen: those of the figure that is chosen, without any script. */

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
