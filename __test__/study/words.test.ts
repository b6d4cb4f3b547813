// What is said of a network follows from its figures: each rule of wording by a network small enough to be worked out by hand.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FbasNetwork, type FbasNode, type FbasOrganization } from '../../index.js'
import { changesBetween, doubtsOfChanges, incomparable } from '../../ts/study/changes.js'
import { checkOf } from '../../ts/study/check.js'
import { dataNotes } from '../../ts/study/figures.js'
import { groupingOf, NODES } from '../../ts/study/groupings.js'
import { headlineOf } from '../../ts/study/headline.js'
import { sizeOf, sizeText, sizeWords, tierSizeOf, unprovenSize } from '../../ts/study/sizes.js'
import { studyNetwork, unprovenIn, type NetworkStudyOptions, type Study } from '../../ts/study/study.js'
import { verdictsOn, type Verdict } from '../../ts/study/verdicts.js'
import {
  ALL_OF_THREE,
  flat,
  fourOrganizations,
  hard,
  quorumSet,
  TWO_OF_THREE,
  TWO_PAIRS
} from '../networks.js'

function study(
  nodes: FbasNode[],
  options: NetworkStudyOptions = {},
  organizations?: FbasOrganization[]
): Promise<Study> {
  return studyNetwork(FbasNetwork.loadSync(nodes, organizations), options)
}

async function said(...network: Parameters<typeof study>): Promise<Record<Verdict['key'], Verdict>> {
  const verdicts = verdictsOn(await study(...network)).map((verdict) => [verdict.key, verdict])
  return Object.fromEntries(verdicts) as Record<Verdict['key'], Verdict>
}

/** What is listed with a verdict, a text each. */
function listed({ culprits }: Verdict): string[] {
  if (culprits.kind === 'nobody') return []
  return culprits.listed.map((culprit) => (culprit.kind === 'no data' ? culprit.words : culprit.size))
}

const among = (nodes: FbasNode[], attributes: Partial<FbasNode>[]) =>
  nodes.map((node, index) => ({ ...node, ...attributes[index] }))

const notesOn = (of: Study) => dataNotes(of).map(({ words }) => words)

describe('the headline', () => {
  const four = flat(['A', 'B', 'C', 'D'], 3)
  const answered = async (nodes: FbasNode[]) => {
    const { mood, words } = headlineOf(await study(nodes))
    return [mood, words]
  }

  test('a doubt is in the sentence that it is about', async () => {
    // Read as free to join any quorum, U alone splits it.
    const unlisted = four.map((node) => ({ ...node, quorumSet: quorumSet(3, ['A', 'B', 'C', 'D', 'U']) }))
    const { mood, words, beside } = headlineOf(await study(unlisted))
    assert.deepEqual([mood, words], ['unknown', 'In doubt: no single node can split it or halt it.'])
    assert.deepEqual(beside, [
      'In doubt: it takes 2 nodes to split it, and it takes 2 nodes to halt it.',
      'See below why it is in doubt.'
    ])
  })

  test('it is not silent about a history that may be going unrecorded', async () => {
    const unrecorded = four.map((node) => ({ ...node, historyArchiveHasError: true }))
    const words = 'Its history may be going unrecorded already. No single node can split it or halt it.'
    assert.deepEqual(await answered(unrecorded), ['bad', words])
  })

  test('where others are in quorums, it is of the core that it says who can split it', async () => {
    const follower = { ...flat(['A', 'F'], 1)[1], quorumSet: quorumSet(1, ['A']) } as FbasNode
    assert.deepEqual(await answered(four), ['good', 'No single node can split it or halt it.'])
    assert.deepEqual(await answered([...four, follower]), [
      'good',
      'No single node can split its core or halt it.'
    ])
    const all = headlineOf(await study([...four, follower], { scope: 'all' }))
    assert.match(all.words, /^One node can split it: A\.$/)
  })
})

describe('the headline with nodes that are down', () => {
  const down = (nodes: FbasNode[], ...keys: string[]) =>
    nodes.map((node) => (keys.includes(node.publicKey) ? { ...node, isValidating: false } : node))
  const four = flat(['A', 'B', 'C', 'D'], 3)

  test('of a network that is split it says how many more it takes', async () => {
    const halved = down(TWO_PAIRS, 'A', 'B')
    const { words, beside } = headlineOf(await study(halved))
    assert.match(words, /^It is split already: /)
    assert.deepEqual(beside, ['Beside the 2 nodes that are down already it takes 1 node to halt it.'])
    assert.equal((await said(halved)).halt.badge, 'One more node is enough')
    assert.deepEqual(headlineOf(await study(TWO_PAIRS)).beside, ['It takes 2 nodes to halt it.'])
  })

  test('that one more node is enough comes before that a whole organization is', async () => {
    const organizations = [
      { id: 'o', validators: ['A', 'B'] },
      { id: 'p', validators: ['C', 'D'] }
    ]
    const { words, beside } = headlineOf(await study(four, { faultyNodes: ['A'] }, organizations))
    assert.match(
      words,
      / With 1 node down already, one more node can halt it, for example \w \(one of 3 that can\)\.$/
    )
    assert.deepEqual(beside, [])
    const { halt } = await said(four, { faultyNodes: ['A'] }, organizations)
    assert.equal(halt.badge, 'One more node is enough')
    assert.doesNotMatch(halt.meaning, / A single /)
    const { halt: before } = await said(four, {}, organizations)
    assert.equal(before.badge, 'One organization is enough')
  })

  test('where those that are down make no difference, the number is of all', async () => {
    const follower: FbasNode = {
      publicKey: 'F',
      quorumSet: quorumSet(3, ['A', 'B', 'C', 'D']),
      isValidating: false
    }
    const { beside } = headlineOf(await study([...four, follower]))
    assert.deepEqual(beside, ['It takes 2 nodes to split its core, and it takes 2 nodes to halt it.'])
  })
})

describe('who decides', () => {
  test('those who ask for the same may be more than the top tier', async () => {
    const easy = ['A', 'B', 'C'].map((publicKey) => ({
      publicKey,
      quorumSet: quorumSet(2, ['A', 'B'], [quorumSet(0, ['C'])])
    }))
    const { answer, meaning } = (await said(easy)).decide
    assert.equal(answer, '2 nodes.')
    assert.match(
      meaning,
      /It is symmetric: 3 nodes, the top tier among them, all ask for the same, namely 2 of 3 nodes and groups, from each group nobody\.$/
    )
  })

  test('one alone is told as one', async () => {
    const all = ['A', 'B'].map((publicKey) => ({ publicKey, quorumSet: quorumSet(1, ['A']) }))
    const { answer, meaning } = (await said(all)).decide
    assert.equal(answer, '1 node.')
    assert.match(
      meaning,
      /^It is in some minimal quorum, one that has no smaller quorum inside; nobody else is needed\. /
    )
  })
})

describe('one is enough', () => {
  test('only where it is so, and it says what the one is', async () => {
    // Two of four can halt it, two can split it; one provider has two of them.
    const four = flat(['A', 'B', 'C', 'D'], 3)
    const spread = ['P', 'Q', 'R', 'S'].map((isp) => ({ isp }))
    const none = await said(among(four, spread))
    assert.deepEqual([none.split.mood, none.split.badge], ['good', 'Good'])
    assert.deepEqual([none.halt.mood, none.halt.badge], ['good', 'Good'])
    assert.doesNotMatch(none.split.meaning + none.halt.meaning, /A single/)

    const gathered = await said(among(four, [{ isp: 'P' }, { isp: 'P' }, { isp: 'R' }, { isp: 'S' }]))
    for (const verdict of [gathered.split, gathered.halt]) {
      assert.deepEqual([verdict.mood, verdict.badge], ['caution', 'One provider is enough'])
    }
    assert.match(gathered.split.meaning, / A single provider could do it alone\.$/)
    assert.match(gathered.halt.meaning, / A single provider is enough to halt it\.$/)
    assert.ok(listed(gathered.halt).includes('1 provider'))
  })

  test('a name that ends with a full stop ends the sentence', async () => {
    const isps = ['Amazon.com, Inc.', 'Amazon.com, Inc.', 'R', 'S'].map((isp) => ({ isp }))
    const { words } = headlineOf(await study(among(flat(['A', 'B', 'C', 'D'], 3), isps)))
    assert.match(words, /: Amazon\.com, Inc\.( |$)/)
    assert.doesNotMatch(words, /\.\./)
  })

  test('a node that is enough is not told again as its organization', async () => {
    const { split } = await said(among(TWO_OF_THREE, [{ isp: 'P' }, { isp: 'Q' }, { isp: 'R' }]))
    assert.equal(split.badge, 'One node is enough')
    assert.match(split.meaning, / A single node could do it alone\.$/)
  })

  test('a node without a group is not told as a group', async () => {
    const { split } = await said(TWO_OF_THREE, { groupBy: 'isp' })
    assert.equal(split.badge, 'One node without a provider is enough')
  })
})

describe('groups', () => {
  test('where no node has one, there is no data', async () => {
    const all = await study(TWO_OF_THREE)
    const { halt, decide } = await said(TWO_OF_THREE)
    assert.deepEqual(listed(halt), [
      '2 nodes',
      'organizations: no data, no node of the core has an organization',
      'countries: no data, no node of the core has a country',
      'providers: no data, no node of the core has a provider'
    ])
    assert.equal(decide.answer, '3 nodes.')
    assert.deepEqual(notesOn(all).slice(1), [
      'No data on organizations: none of the nodes of the core has an organization, each counts by itself.',
      'No data on countries: none of the nodes of the core has a country, each counts by itself.',
      'No data on providers: none of the nodes of the core has a provider, each counts by itself.'
    ])
    // The numbers stay.
    assert.deepEqual(
      all.counted.map(({ blockingSets }) => blockingSets.minSize),
      [2, 2, 2, 2]
    )
  })

  test('where some have none, it says how many', async () => {
    const nodes = among(flat(['A', 'B', 'C', 'D'], 3), [{ isp: 'P' }, { isp: 'P' }])
    const organizations = [{ id: 'o', validators: ['A', 'B', 'C'] }]
    const { decide } = await said(nodes, {}, organizations)
    assert.equal(decide.answer, '1 organization and 1 node without one, 4 nodes in all.')
    assert.ok(listed(decide).includes('1 provider and 2 nodes without one'))
    const notes = notesOn(await study(nodes, {}, organizations))
    assert.ok(notes.includes('2 of the 4 nodes of the core have no provider; each counts by itself.'))
    assert.ok(notes.includes('1 of the 4 nodes of the core has no organization; each counts by itself.'))
  })

  test('all have one: organizations with their nodes', async () => {
    const { nodes, organizations } = fourOrganizations()
    assert.equal((await said(nodes, {}, organizations)).decide.answer, '4 organizations with 12 nodes.')
  })
})

describe('sizes', () => {
  const exact = { minSize: 3, isExact: true, lowerBound: 3 }
  test('what is known of a size', () => {
    assert.deepEqual(sizeOf(exact), { kind: 'exactly', size: 3 })
    assert.deepEqual(sizeOf({ minSize: null, isExact: true, lowerBound: 0 }), { kind: 'none' })
    assert.deepEqual(sizeOf({ minSize: 5, isExact: false, lowerBound: 2 }), {
      ...{ kind: 'between', atLeast: 2, atMost: 5 }
    })
    assert.deepEqual(sizeOf({ minSize: 0, isExact: true, lowerBound: 0 }), { kind: 'exactly', size: 0 })
    assert.deepEqual(tierSizeOf({ topTierSize: 4, isExact: false }), {
      ...{ kind: 'between', atLeast: 4, atMost: null }
    })
  })

  const words: [Parameters<typeof sizeText>[0], text: string, words: string][] = [
    [{ kind: 'exactly', size: 0 }, '0', '0 nodes'],
    [{ kind: 'exactly', size: 1 }, '1', '1 node'],
    [{ kind: 'none' }, 'none', 'no nodes'],
    [{ kind: 'between', atLeast: 2, atMost: 5 }, 'at most 5, at least 2', 'at most 5 nodes, at least 2'],
    [{ kind: 'between', atLeast: 1, atMost: 5 }, 'at most 5, at least 1', 'at most 5 nodes, at least 1'],
    [{ kind: 'between', atLeast: 0, atMost: 5 }, 'at most 5', 'at most 5 nodes'],
    [{ kind: 'between', atLeast: 1, atMost: null }, 'at least 1', 'at least 1 node'],
    [{ kind: 'between', atLeast: 2, atMost: null }, 'at least 2', 'at least 2 nodes'],
    [{ kind: 'between', atLeast: 0, atMost: null }, 'not known', 'not known']
  ]
  test('a bound is never told as a figure', () => {
    for (const [size, text, sentence] of words) {
      assert.equal(sizeText(size), text)
      assert.equal(sizeWords(size, NODES), sentence)
      assert.equal(unprovenSize('smallest set', size, NODES).length, size.kind === 'between' ? 1 : 0, text)
    }
    assert.deepEqual(
      unprovenSize('smallest set', { kind: 'between', atLeast: 2, atMost: 5 }, groupingOf('isp')),
      ['smallest set, counting providers: at most 5, at least 2']
    )
  })

  test('an open size is no reason to call it good', async () => {
    const all = await study(hard(40), { timeoutMs: 400, anytime: true, groupBy: 'node' })
    const [first] = all.counted
    assert.equal(sizeOf(first.splittingSets).kind, 'between', 'too easy: there is nothing open to see')
    const [split] = verdictsOn(all)
    assert.ok(split !== undefined && ['unknown', 'caution'].includes(split.mood))
    assert.ok(
      listed(split).every((text) => /at (most|least)|not known/.test(text)),
      listed(split).join()
    )
    assert.notEqual(unprovenIn(all).length, 0)
  })

  test('who decides is told as far as somebody is found', async () => {
    const { nodes, organizations } = fourOrganizations()
    const all = await study(nodes, {}, organizations)
    const cut = (found: Record<string, number>) => {
      const [first, ...rest] = all.counted.map((counted) => {
        const topTier = counted.topTier.topTier.slice(0, found[counted.grouping.key] ?? 0)
        const known = { topTier, topTierSize: topTier.length, isExact: false }
        return { ...counted, topTier: { ...counted.topTier, ...known } }
      })
      assert.ok(first !== undefined)
      const decide = verdictsOn({ ...all, symmetricTopTier: null, counted: [first, ...rest] }).find(
        ({ key }) => key === 'decide'
      )
      assert.equal(decide?.mood, 'unknown')
      return [decide.answer, decide.meaning.split('. ')[0]]
    }
    const these = 'These are in some minimal quorum, one that has no smaller quorum inside; '
    const open = `${these}there was no time to find out who else is`
    assert.deepEqual(cut({}), [
      'Not known: there was no time to find out.',
      'Of nobody is it proven to be in some minimal quorum, one that has no smaller quorum inside'
    ])
    assert.deepEqual(cut({ node: 2 }), ['at least 2 nodes.', open])
    assert.deepEqual(cut({ organization: 1 }), ['at least 1 organization.', open])
    assert.deepEqual(cut({ node: 6, organization: 2 }), [
      'at least 2 organizations with at least 6 nodes.',
      open
    ])
  })
})

describe('can it split', () => {
  test('it is split: nobody has to lie', async () => {
    const { split } = await said(TWO_PAIRS)
    assert.deepEqual([split.mood, split.answer], ['bad', 'YES, without anybody misbehaving.'])
    assert.deepEqual(listed(split), ['2 nodes', '2 nodes'])
  })

  test('nobody can split it', async () => {
    const { split } = await said(ALL_OF_THREE)
    assert.deepEqual([split.mood, split.answer], ['good', 'No, not its core, whoever turns malicious.'])
    assert.match(split.meaning, /two other nodes of the core that could disagree/)
    assert.deepEqual(split.culprits, { kind: 'nobody' })
    const anybody = await said(ALL_OF_THREE, { scope: 'all' })
    assert.match(anybody.split.meaning, /two other nodes that could disagree/)
  })
})

describe('without a quorum', () => {
  const halted = flat(['A', 'B', 'C'], 4)
  test('it has halted, nobody decides, and nobody can split it', async () => {
    const { split, halt, decide, history } = await said(halted)
    assert.deepEqual(
      [split, halt, decide, history].map(({ mood, answer }) => [mood, answer]),
      [
        ['neutral', 'There is nobody to split.'],
        ['bad', 'It HAS HALTED.'],
        ['neutral', 'Nobody.'],
        ['neutral', 'No history is made.']
      ]
    )
    for (const verdict of [split, halt, decide, history])
      assert.deepEqual(verdict.culprits, { kind: 'nobody' })
    assert.equal(checkOf(await study(halted)), 'unsafe')
  })

  test('what has halted it is told: that there is no quorum, that none is left, or that none but nodes on their own is', async () => {
    const meaning = async (...network: Parameters<typeof said>) => {
      const { halt } = await said(...network)
      assert.equal(halt.mood, 'bad')
      return halt.meaning
    }
    assert.equal(await meaning(halted), 'No quorum exists: no group of nodes can close a ledger.')
    const three = flat(['A', 'B', 'C'], 2)
    const notUp = (...keys: string[]) =>
      three.map((node) => ({ ...node, isValidating: !keys.includes(node.publicKey) }))
    assert.equal(
      await meaning(notUp('A', 'B')),
      '2 nodes are taken to be down, as the data says: no quorum is left.'
    )
    assert.equal(
      await meaning(flat(['A', 'B', 'C'], 3), { faultyNodes: ['B'] }),
      '1 node is taken to be down: no quorum is left.'
    )
    // Whether S is left out while others are up is nothing to it.
    const lenient = { publicKey: 'S', quorumSet: quorumSet(1, ['S', 'A']) }
    for (const alone of [flat(['S'], 1), [lenient]]) {
      const network = [...alone, ...flat(['A', 'B', 'S'], 3).slice(0, 2)]
      const { halt } = await said(network, { faultyNodes: ['A', 'B'] })
      assert.equal(halt.answer, 'It HAS HALTED, but for nodes on their own.')
      assert.equal(
        halt.meaning,
        '2 nodes are taken to be down: no quorum is left but nodes on their own, which are left out.'
      )
      assert.equal(
        headlineOf(await study(network, { faultyNodes: ['A', 'B'] })).words,
        'It has halted, but for a node on its own: 2 nodes are taken to be down, and no other quorum is left.'
      )
    }
    // That S would be a quorum alone is nothing to a network in which it is down.
    const notEvenS = [...flat(['S'], 1), ...flat(['A', 'B'], 3)]
    assert.equal((await said(notEvenS)).halt.answer, 'It HAS HALTED, but for nodes on their own.')
    assert.equal((await said(notEvenS, { faultyNodes: ['S'] })).halt.answer, 'It HAS HALTED.')
    assert.equal(
      headlineOf(await study(notEvenS, { faultyNodes: ['S'] })).words,
      'It has halted: no quorum exists.'
    )
    assert.equal(
      await meaning(notEvenS),
      '1 node is left out, as it is a quorum all by itself that no other live node names. Nothing else is a quorum: no two nodes can close a ledger together.'
    )
  })

  test('of several nodes that are left out, each closes ledgers by itself', async () => {
    const alone = (name: string) => flat([name], 1)
    const { split } = await said([...alone('S'), ...alone('T')])
    assert.equal(split.answer, 'There is nobody to split, but for nodes on their own.')
    assert.match(split.meaning, / Each of these can close ledgers alone, so they may close different ones\.$/)
  })

  test('a network of which no quorum set is known is not halted: nothing is known', async () => {
    const nobodyKnown = [{ publicKey: 'A', quorumSet: null }]
    const unusable = [{ publicKey: 'A', quorumSet: quorumSet(0, ['A']) }]
    for (const nodes of [nobodyKnown, unusable]) {
      assert.equal(
        headlineOf(await study(nodes)).words,
        'Nothing is known of it: no node has a usable quorum set.'
      )
    }
    for (const nodes of [[], nobodyKnown, unusable]) {
      for (const { mood, badge, answer, culprits } of Object.values(await said(nodes))) {
        assert.deepEqual(
          [mood, badge, answer, culprits.kind],
          ['unknown', 'Not known', 'Not known.', 'nobody']
        )
      }
      assert.equal(checkOf(await study(nodes)), 'unknown')
    }
  })
})

describe('nodes that are down', () => {
  const down = (count: number) =>
    flat(['A', 'B', 'C', 'D'], 3).map((node, index) => ({ ...node, isValidating: index >= count }))

  test('the data says so', async () => {
    const { halt } = await said(down(1))
    assert.match(
      halt.meaning,
      / 1 node is taken to be down, as the data says; with that, 1 node is enough to halt it\.$/
    )
    assert.equal(notesOn(await study(down(1)))[0], 'Filtered: 1 node is taken to be down, as the data says.')
  })

  test('whoever asks says so', async () => {
    const { halt } = await said(down(0), { faultyNodes: ['A'] })
    assert.match(halt.meaning, / 1 node is taken to be down; with that, 1 node is enough to halt it\.$/)
  })

  test('the smallest number stays the same', async () => {
    const idle = { publicKey: 'E', quorumSet: quorumSet(1, ['A']), isValidating: false }
    const { halt } = await said([...down(0), idle])
    assert.match(
      halt.meaning,
      / 1 node is taken to be down, as the data says; the smallest number stays the same\.$/
    )
  })

  test('they are enough to stop it', async () => {
    const { halt } = await said(down(2))
    assert.deepEqual([halt.mood, halt.answer], ['bad', 'It HAS HALTED.'])
    assert.equal(halt.meaning, '2 nodes are taken to be down, as the data says: no quorum is left.')
    assert.equal(checkOf(await study(down(2))), 'unsafe')
    // Nobody is down if somebody says so.
    assert.equal(checkOf(await study(down(2), { faultyNodes: [] })), 'safe')
  })
})

describe('history', () => {
  const archives = (...errors: boolean[]) =>
    among(
      flat(['A', 'B', 'C', 'D'], 3),
      errors.map((historyArchiveHasError) => ({ historyArchiveHasError }))
    )

  test('how many archives it takes', async () => {
    const three = (await said(archives(false, false, false, false))).history
    assert.deepEqual([three.mood, three.answer], ['good', 'Yes, unless 3 archives go bad.'])
    const one = (await said(archives(false, false, true, true))).history
    assert.deepEqual(
      [one.mood, one.badge, one.answer],
      ['caution', 'One node is enough', 'Yes, unless 1 archive goes bad.']
    )
    const none = (await said(archives(false, true, true, true))).history
    assert.deepEqual([none.mood, none.answer], ['bad', 'NO: it may be going unrecorded already.'])
  })

  test('a number of archives that is not proven is told by its bounds', async () => {
    const nodes = archives(false, false, false, false)
    const bounded = async (groupBy: string, organizations?: FbasOrganization[]) => {
      const all = await study(nodes, { groupBy }, organizations)
      const [first] = all.counted
      const historyCritical = { ...first.historyCritical, isExact: false, lowerBound: 1 }
      return verdictsOn({ ...all, counted: [{ ...first, historyCritical }] }).at(-1)?.answer
    }
    assert.equal(await bounded('node'), 'Yes, unless at most 3 archives, at least 1, go bad.')
    const organizations = ['A', 'B', 'C'].map((key) => ({ id: key, validators: [key] }))
    assert.equal(
      await bounded('organization', organizations),
      'Yes, unless the archives of at most 3 organizations, at least 1, go bad.'
    )
  })

  test('data that says nothing of archives is no alarm', async () => {
    const { history } = await said(TWO_OF_THREE)
    assert.deepEqual([history.mood, history.answer], ['unknown', 'Not known.'])
  })
})

describe('doubt', () => {
  // With X, which nobody has seen, two pairs could agree on their own.
  const unseen = flat(['A', 'B', 'C', 'X'], 2).slice(0, 3)

  test('stands with the answer that hangs on unknown nodes, and changes how it is to be taken', async () => {
    const { split, halt, decide } = await said(unseen)
    assert.deepEqual([split.mood, split.badge, split.answer], ['unknown', 'In doubt', 'Not by itself.'])
    assert.deepEqual(split.doubts[0]?.nodes, ['X'])
    assert.match(split.doubts[0]?.words ?? '', /^This hangs on 1 node of unknown quorum set/)
    assert.deepEqual([halt.mood, halt.badge], ['unknown', 'In doubt'])
    // X would be one of those who decide.
    assert.deepEqual([decide.mood, decide.badge, decide.answer], ['unknown', 'In doubt', '3 nodes.'])
    assert.deepEqual(decide.doubts[0]?.nodes, ['X'])
    assert.equal(checkOf(await study(unseen)), 'unknown')
  })

  test('whoever decides how unknown nodes are read has no doubt, but is told', async () => {
    const { split } = await said(unseen, { unknownNodes: 'dead' })
    assert.equal(split.badge, 'One node is enough')
    assert.equal(split.doubts.length, 1)
    assert.equal(checkOf(await study(unseen, { unknownNodes: 'dead' })), 'safe')
    assert.equal(checkOf(await study(unseen, { unknownNodes: 'free' })), 'unsafe')
  })

  test('a halt may be one for want of data, and then everything hangs on it', async () => {
    const waiting = flat(['A', 'B', 'C', 'X'], 4).slice(0, 3)
    for (const { mood, doubts } of Object.values(await said(waiting))) {
      assert.deepEqual([mood, doubts.length], ['unknown', 1])
    }
    assert.equal(checkOf(await study(waiting)), 'unknown')
  })

  test('disjoint quorums are disjoint however unknown nodes are read', async () => {
    const nodes = [...TWO_PAIRS, { publicKey: 'E', quorumSet: quorumSet(2, ['E', 'X']) }]
    assert.equal(checkOf(await study(nodes)), 'unsafe')
    assert.equal((await said(nodes)).split.mood, 'bad')
  })
})

describe('changes', () => {
  test('a later network that was misread is no improvement', async () => {
    const before = await study(TWO_OF_THREE)
    const after = await study(TWO_OF_THREE.map(({ publicKey }) => ({ publicKey, quorumSet: null })))
    const changes = changesBetween(before, after, 'unknown')
    assert.deepEqual(
      changes.filter(({ kind }) => kind === 'size' || kind === 'verdict'),
      []
    )
    assert.deepEqual(
      incomparable(before, after, 'unknown').map(({ side, words }) => [
        side,
        words.startsWith('It has no usable quorum set of any node')
      ]),
      [['new', true]]
    )
    // What is not compared is not doubted as well.
    assert.deepEqual(doubtsOfChanges(before, after), [])
  })

  test('where no quorum exists, that nobody can split it is no merit', async () => {
    const changes = changesBetween(
      await study(TWO_OF_THREE),
      await study(flat(['A', 'B', 'C'], 4)),
      'unknown'
    )
    const splitting = changes.find((change) => 'what' in change && change.what === 'splittingSetsMinSize')
    assert.deepEqual(splitting && 'new' in splitting && splitting.new, 'no quorum')
  })

  test('what hangs on unknown nodes is in doubt', async () => {
    const unseen = flat(['A', 'B', 'C', 'X'], 2).slice(0, 3)
    const doubts = doubtsOfChanges(await study(TWO_OF_THREE), await study(unseen))
    assert.deepEqual(
      doubts.map(({ side, nodes }) => [side, nodes]),
      [['new', ['X']]]
    )
  })
})
