/** How long a line of a thread may be before it was ever drawn: a long scroll bar jumps less for a good guess. */

import type { Line, Said } from './lines.ts'

// As the style sheet has them at the usual size of letters; all lengths in CSS pixels.
const LETTER = 7.2
const ROW = 21.3
const BUBBLE = { widest: 544, share: 0.86, aside: 62, padding: 16, between: 3 }
const META = 21
const FILE = 27
const NOTE = { widest: 432, share: 0.92, aside: 28, around: 48 }
const SMALL = 18

export function guess(line: Line, width: number): number {
  switch (line.kind) {
    case 'group':
      return line.said.reduce((sum, said) => sum + bubble(said, width), META)
    case 'note':
      return NOTE.around + ROW * rows(line.said.text, Math.min(NOTE.widest, width * NOTE.share) - NOTE.aside)
    case 'ask':
      return 0
    default:
      return SMALL
  }
}

function bubble({ text, message }: Said, width: number): number {
  const room = Math.min(BUBBLE.widest, width * BUBBLE.share) - BUBBLE.aside
  const files = message?.attachments.length ?? 0
  return BUBBLE.padding + BUBBLE.between + ROW * rows(text, room) + FILE * files
}

function rows(text: string, room: number): number {
  const letters = Math.max(8, room / LETTER)
  if (!text.includes('\n')) return Math.max(1, Math.ceil(text.length / letters))
  let count = 0
  for (const row of text.split('\n')) count += Math.max(1, Math.ceil(row.length / letters))
  return count
}
