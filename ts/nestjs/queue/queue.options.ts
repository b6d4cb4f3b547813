/** What an application can set about the queue, made into settings. Where Redis is comes from the environment or from the application. */

import type { ConnectionOptions, KeepJobs } from 'bullmq'

import type { SnapshotStore } from './snapshot-store.js'

/** Injection token of the options as the application gave them. */
export const FBAS_QUEUE_OPTIONS = Symbol('FBAS_QUEUE_OPTIONS')

/** Injection token of the settings in force: `@Inject(FBAS_QUEUE_SETTINGS) settings: FbasQueueSettings`. */
export const FBAS_QUEUE_SETTINGS = Symbol('FBAS_QUEUE_SETTINGS')

/** The name of the queue, for `@InjectQueue(FBAS_QUEUE)`. */
export const FBAS_QUEUE = 'fbas-history'

/** Options of `FbasQueueModule`. */
export interface FbasQueueOptions {
  /** Where Redis is, as BullMQ takes it. Default: `FBAS_REDIS_URL`, or what `BullModule.forRoot` of the application says. */
  connection?: ConnectionOptions
  /** What the keys in Redis begin with. Default: BullMQ's own. */
  prefix?: string
  /** Whether this process works on the queue, as many networks at a time as `maxConcurrent` says. `FBAS_QUEUE_WORKER`; default false. */
  worker?: boolean
  /** How many networks of one history are on the queue at a time. Default 64. */
  atOnce?: number
  /** How many networks may wait on the queue altogether; beyond that histories take no more snapshots. Default 1,000. */
  maxWaiting?: number
  /** How often a network is tried, where another time may help. Default 3. */
  attempts?: number
  /** The time before the second attempt, in milliseconds; it doubles with each one after. Default 1,000. */
  backoffMs?: number
  /** How long results stay for others who ask the same, in seconds, and how many. Default: an hour, 10,000. */
  keepResults?: KeepJobs
  /** How long what failed stays to be looked at. Default: a week, 1,000. */
  keepFailures?: KeepJobs
  /** After how many milliseconds without a sign of life of its worker a network is given to another one. Default 30,000. */
  lockMs?: number
  /** How often a history looks after its networks itself, in milliseconds, should news of them have been lost. Default 5,000. */
  lookMs?: number
  /** Where snapshots are kept that are too large for Redis. Absent: all travel through it. */
  store?: SnapshotStore
  /** How large a snapshot may be, packed, to travel through Redis where there is a store, in bytes. Default 65,536. */
  inlineBytes?: number
  /** Where the names are looked up. Default: `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>
}

/** What is in force. See {@link FbasQueueOptions}. */
export interface FbasQueueSettings extends Required<
  Omit<FbasQueueOptions, 'connection' | 'prefix' | 'store' | 'environment'>
> {
  connection: ConnectionOptions | undefined
  prefix: string | undefined
  store: SnapshotStore | undefined
}

/** The settings that follow from the options. Throws where one of them, or a name in the environment, makes no sense. */
export function queueSettingsOf(options: FbasQueueOptions = {}): FbasQueueSettings {
  const environment = options.environment ?? process.env
  const url = environment['FBAS_REDIS_URL']?.trim() ?? ''
  const whole = (name: keyof FbasQueueOptions, usual: number, least = 1): number => {
    const value = options[name] ?? usual
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
    throw new Error(`${name}: expected a whole number of at least ${least}, found ${JSON.stringify(value)}`)
  }
  return {
    connection: options.connection ?? (url === '' ? undefined : { url: checked(url) }),
    prefix: options.prefix,
    worker: options.worker ?? isWorker(environment['FBAS_QUEUE_WORKER']),
    atOnce: whole('atOnce', 64),
    maxWaiting: whole('maxWaiting', 1_000),
    attempts: whole('attempts', 3),
    backoffMs: whole('backoffMs', 1_000, 0),
    keepResults: options.keepResults ?? { age: 3_600, count: 10_000 },
    keepFailures: options.keepFailures ?? { age: 604_800, count: 1_000 },
    lockMs: whole('lockMs', 30_000, 100),
    lookMs: whole('lookMs', 5_000, 10),
    store: options.store,
    inlineBytes: whole('inlineBytes', 65_536, 0)
  }
}

/** The address itself is not told: it may hold a password. */
function checked(url: string): string {
  if (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol)) return url
  throw new Error('FBAS_REDIS_URL: expected an address that begins with redis:// or rediss://')
}

function isWorker(value: string | undefined): boolean {
  switch (value?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'false':
    case '0':
      return false
    case 'true':
    case '1':
      return true
    default:
      throw new Error(`FBAS_QUEUE_WORKER: expected true or false, found ${JSON.stringify(value)}`)
  }
}
