/** What this device keeps for a login beside its chats. All of it goes with the sign-out.

Muting is a matter of this device until the server has a setting for it: other devices of the person go on counting.
*/
import { type Kept, NOTHING_KEPT } from './screen.ts'

const PREFIX = 'shopbell.person.'

/** What is kept for that login; nothing if none was, or storage is closed to us. */
export function kept(personId: string): Kept {
  const found = read<{ muted: string[]; deferred: string[]; drafts: Record<string, string> }>(
    PREFIX + personId,
  )
  if (!found) return NOTHING_KEPT
  return { muted: new Set(found.muted), deferred: new Set(found.deferred), drafts: found.drafts }
}

export function keep(personId: string, what: Kept): void {
  write(PREFIX + personId, { muted: [...what.muted], deferred: [...what.deferred], drafts: what.drafts })
}

/** Forget all of it. */
export function forget(personId: string): void {
  try {
    localStorage.removeItem(PREFIX + personId)
  } catch {
    // Without storage there is nothing to forget.
  }
}

/** Calls back when another tab of the login keeps something else, until the signal. */
export function heedOtherTabs(personId: string, heard: (what: Kept) => void, signal: AbortSignal): void {
  addEventListener('storage', (event) => {
    if (event.key === PREFIX + personId && event.newValue !== null) heard(kept(personId))
  }, { signal })
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null
  } catch {
    return null
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A full or closed storage costs a draft or a mute at the next start, and nothing now.
  }
}
