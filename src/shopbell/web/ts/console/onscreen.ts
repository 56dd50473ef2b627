/** Which tickets the tabs of this browser have on their screens: each holds a lock of that name, which others look for. */

import { sharedLocks } from '../base/locks.ts'

export interface OnScreen {
  /** This tab may show another ticket than before. */
  look(): void
  anywhere(ticket: string): Promise<boolean>
}

/** `seen` answers what this tab shows now, where it is in sight. */
export function createOnScreen(seen: () => string | null): OnScreen {
  // Without locks a tab knows of its own screen only.
  const locks = sharedLocks()
  let shown: string | null = null
  let held: Promise<unknown> = Promise.resolve()
  let released = held
  let letGo = () => {}

  const look = () => {
    const ticket = document.visibilityState === 'visible' ? seen() : null
    if (ticket === shown) return
    shown = ticket
    released = held
    letGo()
    if (ticket === null || !locks) return
    const gone = new Promise<void>((done) => letGo = done)
    held = locks.request(nameOf(ticket), { mode: 'shared' }, () => gone).catch(() => {})
  }
  document.addEventListener('visibilitychange', look)
  return {
    look,
    async anywhere(ticket) {
      look()
      if (ticket === shown) return true
      // What this tab showed a moment ago may not be let go of yet.
      await released
      // A page that is going is not told.
      const all = await locks?.query().catch(() => null)
      return all?.held?.some(({ name }) => name === nameOf(ticket)) ?? false
    },
  }
}

function nameOf(ticket: string): string {
  return `shopbell-on-screen ${ticket}`
}
