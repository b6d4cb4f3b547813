/** What the page does in a browser: reads what lies in it, loads the analysis, and shows both. */

import { render } from 'preact'

import { unfoldForPrint } from '../report/printed.client.js'
import { Analysis } from './analysis.js'
import { Explorer } from './explorer.js'
import type { Engine, Start } from './start.js'

const page = document.getElementById('page')
const data = document.getElementById('data')
if (page !== null && data !== null) void begin(page, data)

async function begin(page: HTMLElement, data: HTMLElement): Promise<void> {
  const { start, engine } = JSON.parse(data.textContent ?? '') as { start: Start; engine: Engine }
  unfoldForPrint()
  try {
    const analysis = await Analysis.loaded(start, engine)
    page.replaceChildren()
    render(<Explorer start={start} analysis={analysis} />, page)
  } catch (error) {
    const status = page.querySelector('[role=status]')
    if (status !== null)
      status.textContent = `The analysis cannot be loaded in this browser: ${(error as Error).message}`
  }
}
