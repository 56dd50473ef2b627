/** The name of the window, and the count on the app's icon. */
import { t } from '../base/texts.ts'
import { unread } from './chats.ts'
import type { Screen } from './screen.ts'

/** Such as `(3) Hazel & Rye · Shopbell`. */
export function title(screen: Screen): string {
  const waiting = count(screen)
  const page = pageName(screen)
  return (waiting ? `(${waiting}) ` : '') + (page ? `${page} · Shopbell` : 'Shopbell')
}

/** Show it where the browser can; `shown` is the count that stands there already. Returns what stands there now. */
export function showBadge(screen: Screen, shown: number | null): number {
  const waiting = count(screen)
  if (waiting !== shown && 'setAppBadge' in navigator) {
    const done = waiting ? navigator.setAppBadge(waiting) : navigator.clearAppBadge()
    // Refused outside an installed app; the count in the title stands anyhow.
    done.catch(() => undefined)
  }
  return waiting
}

function count(screen: Screen): number {
  return screen.state ? unread(screen.state, screen.kept.muted) : 0
}

function pageName(screen: Screen): string {
  const { route } = screen
  switch (route.name) {
    case 'sign-in':
      return t('Sign in')
    case 'sign-up':
      return t('Sign up')
    case 'forgotten':
      return t('A new password')
    case 'chats':
      return t('Chats')
    case 'chat':
      return screen.state?.conversations.get(route.id)?.business.name ?? t('Chat')
    case 'find':
      return t('Find a shop')
    case 'business':
      return screen.shops.get(route.key)?.business?.name ?? t('Shop')
    case 'you':
      return t('You')
    default:
      return t('Nothing here')
  }
}
