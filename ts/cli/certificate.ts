/** Certificates: what `--certificate` writes, and `verify`, which checks it. */

import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { Certificate, CertificateProof } from '../../index.js'
import { printable } from '../study/visible.js'
import { notRead } from './failure.js'
import type { Reading } from './input.js'
import { notWritten, save, say, type Answer } from './output.js'
import type { Session } from './session.js'

/** What a folder of certificates has in it. */
const FILE = 'certificate.json'

/** One certificate of several, each claim once. */
export function merged(certificates: Certificate[]): Certificate {
  const claims = new Map(
    certificates.flatMap(({ claims }) => claims.map((claim) => [JSON.stringify(claim), claim]))
  )
  return {
    format: 'stellar-fbas certificate 2',
    engine: certificates[0]?.engine ?? '',
    claims: [...claims.values()],
    unproven: [...new Set(certificates.flatMap(({ unproven }) => unproven))]
  }
}

/** Writes a certificate to a folder; formulas and their proofs as files of their own as well, for checkers of the DRAT format. */
export async function writeCertificate(folder: string, certificate: Certificate): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw notWritten(folder, error)
  }
  await save(join(folder, FILE), `${JSON.stringify(certificate, null, 2)}\n`)
  for (const [index, { statement }] of certificate.claims.entries()) {
    const [[name, claim] = ['', {}]] = Object.entries(statement)
    for (const [which, { formula, proof }] of refutations(claim).entries()) {
      const file = join(folder, [index, ...(which > 0 ? [which] : []), name].join('-'))
      await save(`${file}.cnf`, formula)
      await save(`${file}.drat`, proof)
    }
  }
  const { length } = certificate.claims
  say(
    `${join(folder, FILE)}: ${length === 1 ? '1 claim with its proof' : `${length} claims with their proofs`}`
  )
}

/** The formulas with proofs of a claim: its own, or those of its parts. */
function refutations(claim: { proof?: CertificateProof; others?: { proof: CertificateProof }[] }) {
  const proofs = [claim, ...(claim.others ?? [])].map(({ proof }) => proof)
  return proofs.flatMap((proof) => (typeof proof === 'object' ? [proof.refutation] : []))
}

/** `verify`: whether a certificate proves what it claims about a network. */
export async function verify(session: Session, { network }: Reading, from: string): Promise<Answer> {
  const certificate = await session.bounded(() => read(from))
  const result = await session.bounded((signal) => network.verifyCertificate(certificate, { signal }))
  const { claims } = result
  const { unproven } = JSON.parse(certificate.toString()) as Pick<Certificate, 'unproven'>
  // Whoever made it may have had no time to prove anything: then all of nothing is proven.
  const problem = claims.length === 0 ? 'certificate.claims: nothing is claimed' : result.problem
  const isValid = problem === null
  const open =
    unproven.length === 0 ? '' : `Not claimed, as not proven in time: ${unproven.map(printable).join(', ')}`
  return {
    text: ({ colors }) =>
      [
        ...(isValid
          ? [colors.green('Proven:'), ...claims.map((claim) => `  ${claim}`)]
          : [`${colors.red('NOT PROVEN:')} ${problem}`]),
        ...(open === '' ? [] : [colors.magenta(open)])
      ].join('\n'),
    json: { isValid, problem, claims, unproven },
    rows: claims.map((claim) => ({ claim, isValid })),
    columns: ['claim', 'isValid'],
    unproven: [],
    verdict: isValid ? 'safe' : 'unsafe'
  }
}

async function read(from: string): Promise<Buffer> {
  try {
    const isFolder = (await stat(from)).isDirectory()
    return await readFile(isFolder ? join(from, FILE) : from)
  } catch (error) {
    throw notRead(from, error)
  }
}
