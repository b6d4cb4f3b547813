/** What the page over time does while somebody looks at it: a snapshot that is chosen by pointer or keyboard is shown in full. */

import { render } from 'preact'

import { unfoldForPrint } from '../printed.client.js'
import { beforeIn, changesAt } from './changes.js'
import { WIDTH } from './chart.js'
import { Detail } from './detail.js'
import { unpacked, type Wire } from './wire.js'
import { STATES, timeWords } from './words.js'

const [data, panel, slider] = ['data', 'detail', 'chosen'].map((id) => document.getElementById(id))
if (data != null && panel != null && slider instanceof HTMLInputElement) {
  begin(JSON.parse(data.textContent ?? '') as Wire, panel, slider)
}

unfoldForPrint()

function begin(wire: Wire, panel: HTMLElement, slider: HTMLInputElement): void {
  const { moments, names } = unpacked(wire)
  const last = moments.length - 1
  let index = last
  document.documentElement.classList.add('scripted')
  panel.replaceChildren()
  show(last)

  slider.addEventListener('input', () => show(Number(slider.value)))
  for (const plot of document.querySelectorAll('.plot')) {
    const choose = (event: Event): void => {
      const { clientX, buttons, type } = event as PointerEvent
      if (type === 'pointermove' && buttons === 0) return
      const { left, width } = plot.getBoundingClientRect()
      show(at(wire.begin + ((clientX - left) / width) * (wire.end - wire.begin)))
    }
    plot.addEventListener('pointerdown', choose)
    plot.addEventListener('pointermove', choose)
  }
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null
    if (button === null) return
    if (button.id === 'earlier') show(changed(-1))
    else if (button.id === 'later') show(changed(1))
    else {
      show(Number(button.dataset.index))
      panel.closest('section')?.scrollIntoView({ block: 'nearest' })
    }
  })

  function show(chosen: number): void {
    index = Math.max(0, Math.min(last, chosen))
    const moment = moments[index]
    if (moment === undefined) return
    render(<Detail {...{ moments, names, index }} />, panel)
    slider.value = String(index)
    slider.setAttribute('aria-valuetext', `${timeWords(moment.time)}, ${STATES[moment.state].word}`)
    const x = String(((moment.time - wire.begin) / (wire.end - wire.begin)) * WIDTH)
    for (const cursor of document.querySelectorAll('.cursor')) {
      cursor.setAttribute('x1', x)
      cursor.setAttribute('x2', x)
    }
  }

  /** The snapshot that speaks for a time: the last one that is not later. */
  function at(time: number): number {
    const later = moments.findIndex((moment) => moment.time > time)
    return (later < 0 ? moments.length : later) - 1
  }

  /** The next one in a direction that is another than the one before it; where there is none, the end. */
  function changed(step: 1 | -1): number {
    let next = index + step
    while (next > 0 && next < last) {
      const moment = moments[next]
      if (moment?.error !== null || beforeIn(moments, next) === undefined) return next
      if (changesAt(moments, next).length > 0) return next
      next += step
    }
    return next
  }
}
