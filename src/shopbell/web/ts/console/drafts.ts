/** What one has begun to write to the customer and to the team, of one conversation. */

import type { Drafts } from '../live/drafts.ts'
import type { Tab } from './screen.ts'

export type Draft = Readonly<Record<Tab, string>>

export function draftOf(drafts: Drafts, conversation: string | undefined): Draft {
  if (conversation === undefined) return { message: '', note: '' }
  return {
    message: drafts.of(placeOf(conversation, 'message')),
    note: drafts.of(placeOf(conversation, 'note')),
  }
}

/** Where the draft of a tab lies. */
export function placeOf(conversation: string, tab: Tab): string {
  return `${conversation} ${tab}`
}
