// Changes of the built program that nobody can read, as `npm run test:mutations` prints them, each with the reason. It skips them, and complains
// about what is no change of the program any more.

const ORDER = 'Node.js sorts by whether one is before another, so that the same and after are alike'
const TIME = 'how long a question may take, which no sentence says'

export const EQUIVALENT: Record<string, string> = {
  'study/listing.ts sortedBy: return [...items].sort((a, b) => by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : [0 -> 1]);':
    ORDER,
  'study/listing.ts sortedBy: return [...items].sort((a, b) => by(a) < by(b) ? -1 : by(a) [> -> >=] by(b) ? 1 : 0);':
    ORDER,
  'study/study.ts answersAbout: async function answersAbout(asker, network, down, others = [0 -> 1]) {': TIME,
  'study/study.ts ask: const bound = rest !== void 0 && anytime [=== -> !==] true ? rest / left : rest;': TIME
}
