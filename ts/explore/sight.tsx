/** The network as a picture with its figures, as in the report: the figure that is chosen stays chosen from step to step. */

import type { JSX } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'

import { Network } from '../report/network.js'
import { layOut, withoutNames } from '../report/picture/layout.js'
import { setsIn } from '../report/picture/sets.js'
import { trustIn } from '../report/picture/trust.js'
import { tellOf } from '../report/pointing.client.js'
import type { Study } from '../study/study.js'

/** As in the report's style. */
const NARROW = '(max-width: 600px)'

export function Sight({ study }: { study: Study }): JSX.Element {
  const [chosen, choose] = useState<string>()
  const { nodes, directory, core, symmetricTopTier } = study
  // Who is down does not change who trusts whom.
  const { trust, narrow } = useMemo(() => {
    const trust = trustIn({ nodes, directory, core, symmetricTopTier })
    return { trust, narrow: withoutNames(layOut(trust)) }
  }, [nodes, directory, core, symmetricTopTier])
  const sets = useMemo(() => setsIn(study), [study])
  const told = useRef<SVGSVGElement>(null)
  useLayoutEffect(() => {
    const picture = document.querySelector<SVGSVGElement>('svg.picture')
    const details = document.getElementById('details')
    if (picture === null || details === null) return
    if (told.current !== picture) tellOf(picture, details)
    told.current = picture
    // Where there is no place for names, none is kept for them.
    const query = matchMedia(NARROW)
    const fit = () => (picture.style.cssText = query.matches ? narrow : '')
    fit()
    query.addEventListener('change', fit)
    return () => query.removeEventListener('change', fit)
  }, [narrow])
  return <Network {...{ study, trust, sets, chosen, choose }} />
}
