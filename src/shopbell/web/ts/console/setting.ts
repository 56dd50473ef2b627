/** Menus, panels and settings of this screen. */

import type { Actions } from './actions.ts'
import type { Desk } from './desk.ts'
import { heedSettings, keepSettings } from './settings.ts'

type Setting = Pick<
  Actions,
  | 'menu'
  | 'details'
  | 'set'
  | 'hearBell'
  | 'tryNow'
  | 'signOut'
  | 'retryThread'
  | 'renewList'
  | 'holdList'
>

/** Where there is room for the customer beside the thread; the style sheet has the same. */
const WIDE = '(min-width: 75rem)'

export function setting(desk: Desk, ask: Actions['ask'], read: Actions['read']): Setting {
  const { screens, live } = desk
  const change = (changes: Parameters<Actions['set']>[0]) => {
    const settings = { ...screens.screen.settings, ...changes }
    keepSettings(settings)
    screens.set({ settings })
  }
  // What is folded away is each window's own.
  heedSettings((settings) =>
    screens.set({ settings: { ...settings, details: screens.screen.settings.details } })
  )
  const details = () => {
    const { drawer, settings } = screens.screen
    if (matchMedia(WIDE).matches) change({ details: !settings.details })
    else screens.set({ drawer: !drawer })
  }
  return {
    menu: (name) => screens.set({ menu: name === screens.screen.menu ? null : name }),
    details,
    set: change,
    hearBell: () => desk.bell.ring(),
    tryNow: () => live.reconnect(),
    signOut() {
      if (live.unsent > 0) ask('sign-out')
      else void desk.leave()
    },
    retryThread() {
      if (screens.screen.ticket !== null) read(screens.screen.ticket)
    },
    renewList: () => desk.renewList(),
    holdList: (still) => desk.holdList(still),
  }
}
