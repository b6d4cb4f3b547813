// Where networks come from: files, standard input, endpoints, in every format; and what happens when they cannot be had.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { FbasNetwork, type FbasNode, type QuorumSet } from '../../index.js'
import { fetched } from '../../ts/cli/fetch.js'
import { fourOrganizations, hard, quorumSet } from '../networks.js'
import { EXAMPLE, EXAMPLE_ORGANIZATIONS, folder, json, lines, output, run } from './command.js'

const files = folder()
const { nodes, organizations } = fourOrganizations()
const NETWORK = JSON.stringify({ nodes, organizations })
const EXPECTED = ['p', 'q', 'r', 's']

async function served<T>(listener: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const topTier = async (...args: string[]) =>
  (await json(['top-tier', '--group-by', 'organization', ...args])).topTier

describe('standard input, and what is packed', { concurrency: 4 }, () => {
  test('nodes, or organizations', async () => {
    assert.deepEqual(
      (await json(['top-tier', '-', '--group-by', 'organization'], { input: NETWORK })).topTier,
      EXPECTED
    )
    const bare = files.write('nodes.json', nodes)
    const input = JSON.stringify(organizations)
    assert.deepEqual(
      (await json(['top-tier', bare, '-', '--group-by', 'organization'], { input })).topTier,
      EXPECTED
    )
    // Some editors begin a file with a mark.
    assert.equal((await json(['intersection', '-'], { input: `\uFEFF${NETWORK}` })).hasQuorum, true)
  })

  test('packed', async () => {
    const packed = gzipSync(NETWORK)
    const by = ['--group-by', 'organization']
    assert.deepEqual((await json(['top-tier', '-', ...by], { input: packed })).topTier, EXPECTED)
    const written = [
      files.write('packed.json.gz', packed),
      files.write('named-otherwise.json', packed),
      files.write('packed.json.br', brotliCompressSync(NETWORK))
    ]
    for (const file of written) assert.deepEqual(await topTier(file), EXPECTED, file)
    await served(
      (_, response) => response.end(packed),
      async (url) => assert.deepEqual(await topTier(`${url}/network.json.gz`), EXPECTED)
    )
    const { status, stderr } = await run([files.write('bare.json.gz', NETWORK)])
    assert.equal(status, 2)
    assert.match(stderr, /bare\.json\.gz: incorrect header check/)
  })

  test('not both', async () => {
    const { status, stderr } = await run(['top-tier', '-', '-'], { input: NETWORK })
    assert.equal(status, 2)
    assert.match(stderr, /standard input can be only one/)
  })
})

describe('an endpoint', { concurrency: 4 }, () => {
  test('who asks goes into a header, and is not repeated', () =>
    served(
      ({ headers, url }, response) => {
        const who = Buffer.from('the user:pass word@').toString('base64')
        if (headers.authorization !== `Basic ${who}`) return response.writeHead(401).end()
        response.writeHead(url === '/nodes' ? 200 : 404).end(JSON.stringify(nodes))
      },
      async (url) => {
        const as = (path: string) => url.replace('//', '//the%20user:pass%20word%40@') + path
        const { sources } = await json([as('/nodes')])
        assert.deepEqual(sources, [`${url}/nodes`])
        assert.equal((await run([url])).status, 2)
        for (const address of [as('/elsewhere'), 'http://user:word@[bad/nodes?key=word']) {
          const { status, stderr } = await run([address])
          assert.equal(status, 2)
          assert.doesNotMatch(stderr, /user|word/)
        }
      }
    ))

  test('compressed, redirected, with organizations from another', () =>
    served(
      (request, response) => {
        if (request.url === '/moved') return response.writeHead(302, { location: '/nodes' }).end()
        const text = JSON.stringify(request.url?.startsWith('/nodes') ? nodes : organizations)
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(text))
      },
      async (url) => {
        assert.deepEqual(await topTier(`${url}/moved`, `${url}/organizations`), EXPECTED)
        // What may be secret in an address is not repeated.
        const { sources } = await json([`${url}/nodes?token=secret`])
        assert.deepEqual(sources, [`${url}/nodes`])
      }
    ))

  test('errors of it are errors of the input', () =>
    served(
      (request, response) => {
        if (request.url === '/elsewhere')
          return response.writeHead(302, { location: 'file:///etc/passwd' }).end()
        if (request.url === '/around') return response.writeHead(302, { location: '/around' }).end()
        if (request.url === '/cut')
          return response.writeHead(200, { 'content-length': 100 }).write('[', () => response.destroy())
        response.writeHead(503).end('{}')
      },
      async (url) => {
        for (const [path, said] of [
          ['/', /503 Service Unavailable/],
          ['/elsewhere', /stellar-fbas: http/],
          ['/around', /redirect/],
          ['/cut', /stellar-fbas: http/]
        ] as const) {
          const { status, stdout, stderr } = await run([`${url}${path}`])
          assert.deepEqual([status, stdout], [2, ''], path)
          assert.match(stderr, said)
          assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
        }
        const { port } = new URL(url)
        const refused = await run([`http://127.0.0.1:${Number(port) === 1 ? 2 : 1}/`])
        assert.equal(refused.status, 2)
        assert.match(refused.stderr, /ECONNREFUSED|bad port/)
      }
    ))

  test('one that never answers is given up', () =>
    served(
      () => {},
      async (url) => {
        const { status, stderr } = await run([url, '--timeout', '0.5'])
        assert.equal(status, 3)
        assert.match(stderr, /the time limit ran out/)
      }
    ))

  test('no more is read than allowed, unpacked', () =>
    served(
      (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000, 0x20))),
      async (url) => {
        const { signal } = new AbortController()
        assert.equal((await fetched(url, signal, 1_000_000)).length, 1_000_000)
        await assert.rejects(fetched(url, signal, 999_999), /more than 999999 bytes/)
      }
    ))
})

describe('what is wrong', { concurrency: 4 }, () => {
  const wrong: [string, string[], string, RegExp][] = [
    ['no such file', ['nosuch.json'], '', /^stellar-fbas: nosuch\.json: no such file$/m],
    ['neither command nor file', ['blocking'], '', /neither a command nor a file/],
    ['a folder', ['.'], '', /a folder, expected a file/],
    ['not JSON', ['-'], '{', /^stellar-fbas: standard input: nodes: expected/m],
    ['empty', ['-'], '', /^stellar-fbas: standard input: nodes: an empty text, expected an array of nodes/m],
    [
      'the JSON path',
      ['-'],
      '[{"publicKey":"A","quorumSet":{"threshold":-1}}]',
      /nodes\[0\]\.quorumSet\.threshold/
    ],
    ['no format that is known', ['-'], '{"a":1}', /an object of no format that is known/],
    ['an unknown option', ['--nosuch'], '', /unknown option '--nosuch'/],
    ['an unknown format', ['--format', 'xml'], '', /Allowed choices are table, json, ndjson, csv/],
    ['a limit that is none', ['quorums', '--limit', '-1'], '', /Expected a whole number/],
    ['a time that is none', ['--timeout', 'soon'], '', /Expected a number of seconds/],
    ['no threads', ['--threads', '0'], '', /Expected a whole number from 1/],
    ['too much', ['a', 'b', 'c'], '', /too many arguments/],
    ['too little', ['diff', 'a'], '', /missing required argument 'new'/],
    ['a shell that nobody has', ['completion', 'tcsh'], '', /Allowed choices/]
  ]
  for (const [name, args, input, said] of wrong) {
    test(name, async () => {
      const { status, stdout, stderr } = await run(args, { input, cwd: files.path })
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr, said)
    })
  }

  test('an attribute in a JSON path cannot act on the terminal', async () => {
    const input = JSON.stringify({ validators: [{ id: 'A', qset: '\u001b[2Jx' }], qsets: {} })
    const { status, stderr } = await run(['-'], { input })
    assert.equal(status, 2)
    assert.ok(!stderr.includes('\u001b'), JSON.stringify(stderr))
    assert.match(stderr, /\\u\{1b\}\[2Jx/)
  })
})

describe('convert', { concurrency: 4 }, () => {
  test('every format says the same after conversion', async () => {
    const expected = (await lines([EXAMPLE, EXAMPLE_ORGANIZATIONS, '--format', 'csv'])).join()
    for (const to of ['nodes', 'network', 'stellar-core', 'python-fbas']) {
      const converted = files.write(
        `${to}.json`,
        await output(['convert', EXAMPLE, EXAMPLE_ORGANIZATIONS, '--to', to])
      )
      const again = files.write(
        `${to}-again.json`,
        await output(['convert', converted, EXAMPLE_ORGANIZATIONS])
      )
      for (const file of [converted, again]) {
        assert.equal((await lines([file, EXAMPLE_ORGANIZATIONS, '--format', 'csv'])).join(), expected, to)
      }
    }
    // A network carries its organizations.
    assert.equal((await lines([`${files.path}/network.json`, '--format', 'csv'])).join(), expected)
  })

  test('nodes come out as they went in, with everything that is kept of them; entries of quorum sets are sorted', async () => {
    const example: FbasNode[] = JSON.parse(readFileSync(EXAMPLE, 'utf8'))
    const sorted = (set: QuorumSet): QuorumSet => ({
      threshold: set.threshold,
      validators: [...set.validators].sort(),
      innerQuorumSets: set.innerQuorumSets.map(sorted)
    })
    const byText = (nodes: FbasNode[]) =>
      nodes.map(({ quorumSet, ...node }) => ({
        ...node,
        quorumSet: quorumSet && {
          ...sorted(quorumSet),
          // Inner sets have no names to be sorted by.
          innerQuorumSets: sorted(quorumSet)
            .innerQuorumSets.map((set) => JSON.stringify(set))
            .sort()
        }
      }))
    assert.deepEqual(byText(JSON.parse(await output(['convert', EXAMPLE]))), byText(example))
    const deep = [
      {
        publicKey: 'A',
        quorumSet: quorumSet(1, ['A'], [quorumSet(1, ['B'], [quorumSet(1, ['C'])])]),
        more: [1]
      }
    ]
    const file = files.write('deep.json', deep)
    for (const to of ['stellar-core', 'python-fbas']) {
      const converted = files.write('converted.json', await output(['convert', file, '--to', to]))
      assert.deepEqual(JSON.parse(await output(['convert', converted])), deep, to)
    }
  })

  test('--preprocess leaves out what no quorum can rest on', async () => {
    const preprocessed = JSON.parse(await output(['convert', '--preprocess']))
    assert.equal(preprocessed.length, 34)
    const network = await FbasNetwork.load(preprocessed)
    assert.deepEqual(
      network.findings.map(({ code }) => code),
      []
    )
  })

  test('the example, too', async () => {
    assert.equal(JSON.parse(await output(['convert', '--to', 'network'])).organizations.length, 11)
  })
})

test('who stops reading is no error', async () => {
  const { spawn } = await import('node:child_process')
  const { MAIN } = await import('./command.js')
  const file = files.write('hard.json', hard(12))
  const child = spawn(process.execPath, [MAIN, 'quorums', file, '--limit', 'all', '--format', 'ndjson'])
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += text))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [status] = await once(child, 'exit')
  assert.deepEqual([status, stderr], [0, ''])
})
