// Changes of the built program that nobody can read, as `npm run test:mutations` prints them, each with the reason. It skips them, and complains
// about what is no change of the program any more.

export const EQUIVALENT: Record<string, string> = {}
