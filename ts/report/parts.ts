/** What is built into a page, with the policy that it may do nothing but that. */

import { createHash } from 'node:crypto'

import type { Parts } from './document.js'

/** @param more What the script may do besides: sources by directive. */
export function partsWith(
  style: string,
  script: string,
  data: string,
  more: Record<string, string> = {}
): Parts {
  const { 'script-src': scripts, ...others } = more
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}${scripts === undefined ? '' : ` ${scripts}`}`,
    ...Object.entries(others).map(([directive, sources]) => `${directive} ${sources}`),
    "base-uri 'none'",
    "form-action 'none'"
  ].join('; ')
  return { style, script, data, policy }
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
