// What no formatter and no compiler sees. Prettier says how code looks; here are only rules that a defect has taught us.
//
// Nothing hangs on whether a list, a number or a text is "truthy": an empty list once made "One is enough" of every healthy network. And
// what people are told stands below those who tell it.

import tseslint from 'typescript-eslint'

/** Folders of `ts/` that a folder may not import from. */
const apart = (folder, ...others) => ({
  files: [`ts/${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ regex: `^(\\.\\./)+(${others.join('|')})/`, message: `${folder} does not know it` }] }
    ]
  }
})

export default tseslint.config(
  {
    files: ['ts/**/*.ts', 'ts/**/*.tsx'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: {
        project: ['./tsconfig.json', './ts/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname
      }
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/strict-boolean-expressions': [
        'error',
        { allowString: false, allowNumber: false, allowNullableObject: false, allowNullableBoolean: true }
      ],
      // A new kind of answer is an error where it is not told.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ]
    }
  },
  apart('study', 'cli', 'report', 'explore', 'nestjs'),
  apart('report', 'cli', 'explore', 'nestjs'),
  apart('explore', 'cli', 'nestjs'),
  apart('nestjs', 'cli', 'report', 'explore'),
  apart('cli', 'nestjs')
)
