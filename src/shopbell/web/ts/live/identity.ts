/** Who is signed in here: by what this browser remembers at once, by the server a moment later. */

import { type Api, Refusal } from './api.ts'
import type { Me, Side } from './types.ts'

/** One login of one side at one place; a staff id is one login at work for one business. */
export function loginKey(me: Me): string {
  return me.side === 'staff' ? me.staff.id : me.person.id
}

/** The name under which everything of a login is kept. `base` as in `createApi`. */
export function nameOf(side: Side, base: string, key: string): string {
  return `shopbell${base}/${side}/${key}`
}

/** The login that was here last; only its key, so that nothing of it stays readable after sign-out. */
export function remembered(side: Side, base: string): string | null {
  try {
    return localStorage.getItem(nameOf(side, base, 'login'))
  } catch {
    return null
  }
}

export function remember(side: Side, base: string, key: string | null): void {
  try {
    if (key === null) localStorage.removeItem(nameOf(side, base, 'login'))
    else localStorage.setItem(nameOf(side, base, 'login'), key)
  } catch {
    // Without storage every start asks the server first.
  }
}

/** Who asks, or null if nobody is signed in. Rejects with a Refusal when that cannot be known now. */
export async function whoAsks(api: Api): Promise<Me | null> {
  try {
    return await api('GET /me', {})
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === 401) return null
    throw error
  }
}
