// What ts/bundle-web.mjs makes of the scripts in src/binding: their values by their texts.
declare module 'scripts of the binding' {
  const scripts: Record<string, (() => unknown) | undefined>
  export default scripts
}
