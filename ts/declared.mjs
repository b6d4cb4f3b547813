// The declarations of one file that is bundled, as whoever imports the bundle sees them.

import { readFileSync } from 'node:fs'

import typescript from 'typescript'

export function declared(fileName) {
  const { diagnostics, outputText } = typescript.transpileDeclaration(readFileSync(fileName, 'utf8'), {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { stripInternal: true }
  })
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ messageText }) => messageText).join())
  return outputText
}
