/** What this device keeps for a login beside its chats. All of it goes with the sign-out.

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
  const found = JSON.parse(text ?? 'null') as
    | { muted: string[]; deferred: string[]; drafts: Record<string, string> }
    | null
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

/** Calls back when another tab of the login keeps something else than before, until the signal. */
export function heedOtherTabs(
  personId: string,
  heard: (what: Kept, before: Kept) => void,
  signal: AbortSignal,
): void {
  addEventListener('storage', ({ key, oldValue, newValue }) => {
    if (key === PREFIX + personId && newValue !== null) heard(parsed(newValue), parsed(oldValue))
  }, { signal })
}

/** The drafts of this tab, after another has gone on with some or sent them; what was edited here meanwhile stays. */
export function followed(own: Kept['drafts'], now: Kept['drafts'], before: Kept['drafts']): Kept['drafts'] {
  const places = new Set([...Object.keys(own), ...Object.keys(now)])
  return Object.fromEntries([...places].flatMap((place) => {
    const text = own[place] === before[place] ? now[place] : own[place]
    return text === undefined ? [] : [[place, text]]
  }))
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // A full or closed storage costs a draft or a mute at the next start, and nothing now.
  }
}
