// `explore` as a command: it serves its page to this machine alone, and ends by Ctrl-C; where the build has no WebAssembly it says so.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { root } from '../examples.js'
import { environment, folder, MAIN, run } from '../cli/command.js'
import { launch } from '../report/browser.js'
import { begun, missing } from './page.js'

const files = folder()

/** Serves until the work is done. */
async function serving(args: string[], work: (address: string) => Promise<void>): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, 'explore', '--no-open', ...args], { env: environment() })
  child.stdin.end()
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [, found] = /served at (\S+) until Ctrl-C/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
    child.on('close', () => reject(new Error(said)))
  })
  try {
    await work(address)
  } finally {
    child.kill('SIGINT')
  }
  return ended
}

describe('explore', { skip: missing }, () => {
  test('serves one page on loopback, and nothing is asked of it but that', async () => {
    const status = await serving([], async (address) => {
      assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/)
      assert.equal((await fetch(`${address}nodes`)).status, 404)
      assert.equal((await fetch(address, { method: 'POST' })).status, 405)
      const { port } = new URL(address)
      const taken = await run(['explore', '--no-open', '--port', port])
      assert.equal(taken.status, 2)
      assert.match(taken.stderr, /--port \d+: somebody serves there already/)

      const browser = await launch()
      try {
        const { page, complaints, requests } = await browser.open(address)
        await begun(page)
        await page.getByRole('button', { name: 'Down: SDF 1' }).press('Enter')
        await page.locator('.changed').waitFor()
        assert.deepEqual(complaints, [])
        assert.deepEqual(
          requests.filter((request) => !request.startsWith('blob:') && !request.startsWith('data:')),
          []
        )
      } finally {
        await browser.close()
      }
    })
    assert.equal(status, 130)
  })

  test('the page says what is not so without its analysis', async () => {
    const installation = join(files.path, 'installation')
    mkdirSync(join(installation, 'dist'), { recursive: true })
    for (const folder of ['dist/cli', 'dist/explore', 'examples'])
      cpSync(join(root, folder), join(installation, folder), { recursive: true })
    for (const file of [
      'index.js',
      'package.json',
      `stellar-fbas.${process.platform}-${process.arch}-gnu.node`
    ])
      copyFileSync(join(root, file), join(installation, file))
    const child = spawn(process.execPath, [join(installation, 'dist/cli/main.js'), 'explore', '--no-open'], {
      env: environment()
    })
    child.stdin.end()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const status = await new Promise((resolve) => child.on('close', resolve))
    assert.equal(status, 70)
    assert.match(said, /explore needs the WebAssembly for web pages, which this build does not have/)
  })
})
