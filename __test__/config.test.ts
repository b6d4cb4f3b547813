// quorumSetOfConfig through the built addon: what it returns, and what it throws. What configurations mean is tested in tests/config.rs.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { quorumSetOfConfig } from '../index.js'
import { root } from './examples.js'

test('a configuration with the key of its node', () => {
  const config = "[QUORUM_SET]\nTHRESHOLD_PERCENT = 51\nVALIDATORS = ['$self', 'GBOB bob', 'GCAROL']"
  const quorumSet = { threshold: 2, validators: ['GALICE', 'GBOB', 'GCAROL'], innerQuorumSets: [] }
  assert.deepEqual(quorumSetOfConfig(config, 'GALICE'), { quorumSet, publicKey: 'GALICE', findings: [] })
  const unnamed = quorumSetOfConfig(config)
  assert.deepEqual(unnamed.quorumSet.validators, ['$self', 'GBOB', 'GCAROL'])
  assert.equal(unnamed.publicKey, null)
  assert.deepEqual(
    unnamed.findings.map(({ code, nodes }) => [code, nodes]),
    [['OWN_KEY_UNKNOWN', ['$self']]]
  )
  assert.deepEqual(quorumSetOfConfig(config, null), unnamed)
})

test('what is no configuration is INVALID_INPUT with line and key, and the next call works', () => {
  for (const [config, message] of [
    [
      '[QUORUM_SET]\nTHRESHOLD_PERCENT = 101',
      /^line 2, QUORUM_SET\.THRESHOLD_PERCENT: expected a whole number/
    ],
    ['[QUORUM_SET', /^line 1: .*expected TOML$/],
    ['[{"publicKey": "A"}]', /^line 1: JSON that is no configuration, expected TOML$/],
    [
      '{"nodes": []}',
      /^line 1: JSON that is no configuration, expected TOML or MobileCoin's threshold and members$/
    ],
    ['{"threshold": 1}', /^quorumSet: expected an object with threshold and members$/],
    ['', /^line 1: no quorum set/],
    [7 as unknown as string, /^config: found number, expected a string$/]
  ] as const) {
    assert.throws(() => quorumSetOfConfig(config), { code: 'INVALID_INPUT', message })
  }
  assert.throws(() => quorumSetOfConfig('', {} as string), { message: /^publicKey: found object/ })
  assert.equal(quorumSetOfConfig("[QUORUM_SET]\nVALIDATORS = ['A', 'B']").quorumSet.threshold, 2)
})

const reported = join(root, '../shared/data/reported')
test(
  'configurations from public reports',
  { skip: existsSync(reported) ? false : 'no ../shared/data here' },
  () => {
    const read = (name: string) => quorumSetOfConfig(readFileSync(join(reported, name), 'utf8'))
    const core = read('core.cfg')
    assert.deepEqual(core.quorumSet, { threshold: 2, validators: ['ANN', 'BEN'], innerQuorumSets: [] })
    assert.deepEqual(
      core.findings.map(({ code }) => code),
      ['VALIDATORS_NOT_USED']
    )
    const validators = ['ANN', 'BEN', 'CID', 'DEE'].map((name) => `${name}.example.test:8443`)
    for (const name of ['mobilecoin.toml', 'mobilecoin-own-set.json']) {
      assert.deepEqual(read(name).quorumSet, { threshold: 3, validators, innerQuorumSets: [] })
    }
  }
)
