// The alerts of examples/nestjs, as Prometheus itself reads them.

import { join } from 'node:path'
import { test } from 'node:test'

import { root } from '../examples.js'
import { promtool, withoutPromtool } from '../promtool.js'

test('Prometheus takes the alerts, and fires them when it should', { skip: withoutPromtool }, () => {
  const folder = join(root, 'examples/nestjs/prometheus')
  promtool(folder, ['check', 'config', 'prometheus.yml'])
  promtool(folder, ['test', 'rules', 'alerts.test.yml'])
})
