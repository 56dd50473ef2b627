/** What one has begun to write, by conversation and tab: it survives a reload and a change of ticket. */

import type { Tab } from './screen.ts'

export type Draft = Readonly<Record<Tab, string>>

export const NOTHING_WRITTEN: Draft = { message: '', note: '' }
/** Writing it down at every key would cost more than losing a moment. */
const REST_MS = 150

/** Where drafts are kept: the database of the login, which is thrown away at sign-out. */
export interface DraftShelf {
  all(): Promise<readonly (readonly [string, Draft])[]>
  put(conversation: string, draft: Draft): Promise<void>
  delete(conversation: string): Promise<void>
}

export interface Drafts {
  of(conversation: string | undefined): Draft
  set(conversation: string, tab: Tab, text: string): void
  /** Write down at once what is not yet. */
  keep(): void
}

export async function openDrafts(shelf: DraftShelf): Promise<Drafts> {
  const drafts = new Map(await shelf.all())
  const changed = new Set<string>()
  let timer: number | undefined

  const keep = () => {
    clearTimeout(timer)
    timer = undefined
    for (const conversation of changed) {
      const draft = drafts.get(conversation)
      void (draft ? shelf.put(conversation, draft) : shelf.delete(conversation))
    }
    changed.clear()
  }
  addEventListener('pagehide', keep)
  document.addEventListener('visibilitychange', keep)

  return {
    of: (conversation) =>
      (conversation === undefined ? undefined : drafts.get(conversation)) ?? NOTHING_WRITTEN,
    set(conversation, tab, text) {
      const draft = { ...(drafts.get(conversation) ?? NOTHING_WRITTEN), [tab]: text }
      if (draft.message === '' && draft.note === '') drafts.delete(conversation)
      else drafts.set(conversation, draft)
      changed.add(conversation)
      timer ??= setTimeout(keep, REST_MS)
    },
    keep,
  }
}
