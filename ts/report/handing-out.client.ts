/** How a page hands out what is on it: text to the clipboard, data as a file. */

/** Copies the text of an element or, where that is not allowed, selects it; and says which. */
export async function copied(element: Element): Promise<'copied' | 'selected'> {
  try {
    // Not there on pages that came unencrypted.
    const clipboard = navigator.clipboard as Clipboard | undefined
    if (clipboard !== undefined) {
      await clipboard.writeText(element.textContent ?? '')
      return 'copied'
    }
  } catch {
    // Refused.
  }
  getSelection()?.selectAllChildren(element)
  return 'selected'
}

/** Saves JSON as a file. */
export function save(name: string, json: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([json], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
