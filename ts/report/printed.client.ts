/** Unfolds what is folded when a page is printed. */

/** On paper nothing can be unfolded. Browsers that know how do it by the style sheet. */
export function unfoldForPrint(): void {
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll('details')) folded.open = true
  })
}
