/** What all pages have in common: the document around what they show, which may do nothing but what is in it. */

import type { ComponentChildren, JSX } from 'preact'

/** What is built into a page. */
export interface Parts {
  style: string
  script: string
  /** What the script reads: JSON that ends no element. */
  data: string
  /** The content security policy. */
  policy: string
}

interface Props extends Parts {
  title: string
  /** What has analysed the network. */
  generator: string
  children: ComponentChildren
}

export function Document({ title, generator, style, script, data, policy, children }: Props): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content={generator} />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        {children}
        <script type="application/json" id="data" dangerouslySetInnerHTML={{ __html: data }} />
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  )
}
