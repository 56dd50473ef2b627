/** What this device keeps for a login beside its database: none of it is text, and all of it goes with the sign-out.

Muting is a matter of this device until the server has a setting for it: other devices of the person go on counting.
*/
import { type Kept, NOTHING_KEPT } from './screen.ts'

const PREFIX = 'shopbell.person.'

/** What is kept for that login; nothing if none was, or storage is closed to us. */
export function kept(personId: string): Kept {
  try {
    return parsed(localStorage.getItem(PREFIX + personId))
  } catch {
    return NOTHING_KEPT
  }
}

function parsed(text: string | null): Kept {
  const found = JSON.parse(text ?? 'null') as { muted: string[]; deferred: string[] } | null
  if (!found) return NOTHING_KEPT
  return { muted: new Set(found.muted), deferred: new Set(found.deferred) }
}

export function keep(personId: string, { muted, deferred }: Kept): void {
  try {
    localStorage.setItem(PREFIX + personId, JSON.stringify({ muted: [...muted], deferred: [...deferred] }))
  } catch {
    // A full or closed storage costs a mute at the next start, and nothing now.
  }
}

/** Forget all of it. */
export function forget(personId: string): void {
  try {
    localStorage.removeItem(PREFIX + personId)
  } catch {
    // Without storage there is nothing to forget.
  }
}

/** Calls back when another tab of the login keeps something else than before, or null for nothing more. */
export function heedOtherTabs(
  personId: string,
  heard: (what: Kept | null) => void,
  signal: AbortSignal,
): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === PREFIX + personId) heard(newValue === null ? null : parsed(newValue))
  }, { signal })
}
