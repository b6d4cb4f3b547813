/**
 * How the analyses are, for Terminus: `health.check([() => fbas.isHealthy('fbas')])`. The answer has the shape that Terminus 11 and later
 * read, and asks nothing of the engine that could take time.
 */

import { Inject, Injectable } from '@nestjs/common'

import { FbasService } from './fbas.service.js'
import { FbasRollout } from './rollout/fbas.rollout.js'

/** What Terminus calls a `HealthIndicatorResult`. */
export type FbasHealth<Key extends string> = Record<Key, { status: 'up' | 'down'; [detail: string]: unknown }>

/** Down while the engine is not loaded, takes no calls, or has no place for another one. Rolled back is not down: theirs answers. */
@Injectable()
export class FbasHealthIndicator {
  constructor(
    @Inject(FbasService) private readonly service: FbasService,
    @Inject(FbasRollout) private readonly rollout: FbasRollout
  ) {}

  isHealthy<const Key extends string = 'fbas'>(key: Key = 'fbas' as Key): FbasHealth<Key> {
    const { available, reason, engine, running, waiting, overloaded } = this.service.status
    const { mode, rolledBack } = this.rollout.state
    const message = reason ?? (overloaded ? 'no place for another analysis' : undefined)
    const health = {
      status: available && !overloaded ? ('up' as const) : ('down' as const),
      ...(message !== undefined && { message }),
      ...(engine == null ? {} : { version: engine.version, solver: engine.solver }),
      running,
      waiting,
      mode,
      rolledBack
    }
    return { [key]: health } as Record<Key, typeof health>
  }
}
