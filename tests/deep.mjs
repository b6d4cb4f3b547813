// The tests in their long form: the same as in `cargo test`, with more and larger networks, other ones every day.
//
//   npm run test:deep              all of it, three hours on two cores
//   npm run test:deep -- 0.01      a hundredth of it
//
// What is set in the environment already stays as it is set.
import { spawnSync } from 'node:child_process'

const share = Number(process.argv[2] ?? 1)
const day = Math.floor(Date.now() / 86_400_000)

/** Seeds that no other day has, as many as there are networks. */
function networks(name, count, more = {}) {
  const settings = { NETWORKS: Math.ceil(count * share), SEED: day * 1_000_000, ...more }
  return Object.entries(settings).map(([setting, value]) => [`FBAS_${name}_${setting}`, String(value)])
}

const settings = Object.fromEntries([
  ...networks('ORACLE', 1_000_000),
  ...networks('SOLVER', 1_500, { ORGANIZATIONS: 16, CONFLICTS: 5_000 }),
  ...networks('CERTIFICATES', 100_000),
  ...networks('LAWS', 1_500, { ORGANIZATIONS: 16, SECONDS: 2 }),
  ...networks('ENUMERATOR', 6_000, { ORGANIZATIONS: 7, SETS: 5_000 }),
  ['FBAS_FORMULAS', String(Math.ceil(60_000 * share))],
  ['FBAS_FORMULAS_SEED', String(day * 1_000_000)],
  ['FBAS_TECHNIQUES_SEEDS', String(Math.ceil(50 * share))]
])
const tests = [
  'oracle',
  'misbehaviour',
  'plan',
  'one_node',
  'certificates',
  'other_solver',
  'laws',
  'enumerator',
  'solver',
  'techniques',
  'splr_defects'
]
const args = ['test', '--no-fail-fast', ...tests.flatMap((test) => ['--test', test]), '--', '--nocapture']
console.log(settings)
const run = spawnSync('cargo', args, { stdio: 'inherit', env: { ...settings, ...process.env } })
process.exitCode = run.status ?? 1
