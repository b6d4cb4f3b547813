/** The exit statuses of the command line, and the errors that carry one. */

/** Exit statuses. */
export const STATUS = {
  fine: 0,
  /** With `--check`: the analysis says unsafe. */
  unsafe: 1,
  /** The input, or the command line itself. */
  badInput: 2,
  /** Not proven in time; with `--check` also what the data does not say. */
  notProven: 3,
  /** A defect of this package, or of how it is installed. */
  defect: 70,
  /** The answer could not be written. */
  notWritten: 74,
  /** By Ctrl-C: what shells say of a program that ended so. */
  interrupted: 130,
  /** By SIGTERM: likewise. */
  terminated: 143
} as const

export type Status = (typeof STATUS)[keyof typeof STATUS]

/** An error for people, with the exit status it means. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly status: Status = STATUS.badInput,
    options?: ErrorOptions
  ) {
    super(message, options)
  }
}

/** What any error means. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  const { code, message = String(error) } = (error ?? {}) as { code?: string; message?: string }
  switch (code) {
    case 'INVALID_INPUT':
      return new Failure(message, STATUS.badInput, { cause: error })
    case 'TIMEOUT':
      return new Failure(message, STATUS.notProven, { cause: error })
    case 'ABORT_ERR':
      return new Failure('interrupted', STATUS.interrupted, { cause: error })
    default:
      return new Failure(`a defect of stellar-fbas: ${message}`, STATUS.defect, { cause: error })
  }
}

/** What becomes of an error in reading a file. */
export function notRead(file: string, error: unknown): Failure {
  return new Failure(`${file}: ${reasonOf(error as NodeJS.ErrnoException)}`, undefined, { cause: error })
}

/** Why the system refused something, in words. */
export function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'no such file'
    case 'EISDIR':
      return 'a folder, expected a file'
    case 'ENOTDIR':
      return 'a part of the path is a file, expected a folder'
    case 'EACCES':
      return 'permission denied'
    case 'ENOSPC':
      return 'no space left'
    default:
      return message
  }
}
