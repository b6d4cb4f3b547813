// What it takes to prove an answer and to check the proof, beside the answer alone. `npm run bench:certificates -- [NETWORK...]`; the example
// without arguments. NETWORK is an object with nodes and organizations, or a list of nodes.
import { basename } from 'node:path'

import { read, timed } from './timed.mjs'

const RUNS = 3
/** For one answer, in milliseconds. */
const LIMIT = 20_000
const QUESTIONS = {
  splitting: 'analyzeSplittingSets',
  blocking: 'analyzeBlockingSets',
  quorums: 'analyzeQuorums',
  'top tier': 'analyzeTopTier'
}

const files = process.argv.slice(2)
const given =
  files.length > 0
    ? files.map((file) => {
        const network = read(file)
        return [basename(file), Array.isArray(network) ? { nodes: network } : network]
      })
    : [
        [
          'example',
          {
            nodes: read('examples/network/stellar-2025-11.json'),
            organizations: read('examples/network/organizations-2025-11.json')
          }
        ]
      ]

const row = (cells) =>
  console.log(
    cells[0].padEnd(24) +
      cells
        .slice(1)
        .map((cell) => cell.padStart(16))
        .join('')
  )
row(['milliseconds', 'question', 'by', 'answer', 'with proof', 'to check'])
for (const [name, network] of given) {
  for (const [question, method] of Object.entries(QUESTIONS)) {
    for (const groupBy of [undefined, 'country']) {
      const ask = (certificate) =>
        timed(network, RUNS, (one) => one[method]({ groupBy, certificate, timeoutMs: LIMIT })).catch(
          ({ code }) => ({ code })
        )
      const alone = await ask(false)
      const proven = await ask(true)
      const checked =
        proven.code === undefined
          ? await timed(network, RUNS, (one) => one.verifyCertificate(proven.answer.certificate))
          : {}
      if (checked.answer?.isValid === false)
        throw new Error(`${name}, ${question}: ${checked.answer.problem}`)
      const told = ({ time, code }) => code ?? (time === undefined ? '' : time.toFixed(1))
      row([name, question, groupBy ?? 'node', ...[alone, proven, checked].map(told)])
    }
  }
}
