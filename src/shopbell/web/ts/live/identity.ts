/** Who is signed in here: by what this browser remembers at once, by the server a moment later. */

import { type Api, Refusal } from './api.ts'
import type { Me, Side } from './types.ts'

/** One login of one side; staff may be at work for several businesses with it. */
export function loginOf(me: Me): string {
  return me.side === 'staff' ? me.login_id : me.person.id
}

/** In whose name things are done: a login at work for one business, or a person. */
export function actorOf(me: Me): string {
  return me.side === 'staff' ? me.staff.id : me.person.id
}

/** The name under which everything of a login is kept. `base` as in `createApi`. */
export function nameOf(side: Side, base: string, login: string): string {
  return `shopbell${base}/${side}/${login}`
}

/** The login that was here last; only its id, so that nothing of it stays readable after sign-out. */
export function remembered(side: Side, base: string): string | null {
  try {
    return localStorage.getItem(nameOf(side, base, 'login'))
  } catch {
    return null
  }
}

export function remember(side: Side, base: string, login: string | null): void {
  const name = nameOf(side, base, 'login')
  try {
    // First, since a storage that is full would go on telling of whoever was here before.
    localStorage.removeItem(name)
    if (login !== null) localStorage.setItem(name, login)
  } catch {
    // Without storage every start asks the server first.
  }
}

/** Calls back when another tab of this browser has come to remember another login of that side. */
export function heedOthers(
  side: Side,
  base: string,
  login: string,
  signal: AbortSignal,
  heard: () => void,
): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === nameOf(side, base, 'login') && newValue !== null && newValue !== login) heard()
  }, { signal })
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
