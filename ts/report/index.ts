import type { Study } from '../cli/study.js'
export function reportHtml(study: Study, { date }: { date?: string }): string {
  return '' + study.title + date
}
export function pictureSvg(study: Study, show: string): string {
  return '' + study.title + show
}
