/** Business pages: fetching them, joining and leaving a Loop, beginning a chat. */
import { announce } from '../../base/dom.ts'
import { t } from '../../base/texts.ts'
import type { Business } from '../../live/generated/api.ts'
import type { MemberState } from '../../live/types.ts'
import { ask as dialogue } from '../../ui/dialog.ts'
import { chatWith } from '../chats.ts'
import { pathTo, type Route } from '../routes.ts'
import type { Acts, Shop } from '../screen.ts'
import { decision } from '../views/decision.ts'
import type { Ask, Outcome } from './asking.ts'
import type { Stage } from './stage.ts'

const ID = /^[0-9a-f]{32}$/
const HEARING_MS = 5000
const EMPTY_SHOP: Shop = { business: null, busy: null, problem: null }

interface ShopActs extends Pick<Acts, 'join' | 'leave' | 'chat'> {
  open(key: string): void
  /** The state moved on: what was asked for may have come true. */
  heard(state: MemberState): void
  /** Somebody came in: do what they came for. */
  resume(): void
}

/** `go` leads to another page. */
export function shopActs(stage: Stage, ask: Ask, go: (route: Route) => void): ShopActs {
  let wish: (() => void) | null = null

  const shopAt = (key: string) => stage.screen.shops.get(key) ?? EMPTY_SHOP

  function patch(key: string, change: Partial<Shop>): void {
    stage.set({ shops: new Map(stage.screen.shops).set(key, { ...shopAt(key), ...change }) })
  }

  // Who is not signed in is sent to the door, and finds done what they came for.
  function signedIn(key: string, act: () => void): boolean {
    if (stage.screen.who.status !== 'nobody') return true
    wish = act
    go({ name: 'sign-up', to: pathTo({ name: 'business', key }, stage.screen.root) })
    return false
  }

  async function join(key: string): Promise<void> {
    const { business, busy } = shopAt(key)
    if (!business || busy || !signedIn(key, () => void join(key))) return
    patch(key, { busy: 'joining', problem: null })
    const answer = await ask('PUT /businesses/{business_id}/membership', here(business.id))
    if (answer.ok) forgetLater(key)
    else patch(key, { busy: null, problem: answer.problem })
  }

  async function leave(businessId: string, name: string): Promise<void> {
    const isSure = await dialogue<boolean>((answer) =>
      decision({
        title: t('Leave the Loop'),
        line: t('You hear no more news from {name}. Your chat stays, and you can join again.', { name }),
        safe: t('Stay'),
        act: t('Leave'),
        decided: () => answer(true),
        left: () => answer(false),
      })
    )
    if (!isSure) return
    const key = [...stage.screen.shops].find(([, shop]) => shop.business?.id === businessId)?.[0] ??
      businessId
    patch(key, { busy: 'leaving', problem: null })
    const answer = await ask('DELETE /businesses/{business_id}/membership', here(businessId))
    if (answer.ok) forgetLater(key)
    else patch(key, { busy: null, problem: answer.problem })
  }

  async function chat(key: string): Promise<void> {
    const { business, busy } = shopAt(key)
    if (!business || busy || !signedIn(key, () => void chat(key))) return
    const known = stage.screen.state && chatWith(stage.screen.state, business.id)
    if (known) return go({ name: 'chat', id: known.id })
    patch(key, { busy: 'opening', problem: null })
    const answer = await ask('POST /businesses/{business_id}/conversation', here(business.id))
    patch(key, { busy: null, problem: answer.ok ? null : answer.problem })
    if (answer.ok) go({ name: 'chat', id: answer.value.id })
  }

  // The page changes by the event; should it be lost on its way, the buttons come back all the same.
  function forgetLater(key: string): void {
    if (stage.screen.state) heard(stage.screen.state)
    setTimeout(() => shopAt(key).busy && patch(key, { busy: null }), HEARING_MS)
  }

  function heard(state: MemberState): void {
    for (const [key, { business, busy }] of stage.screen.shops) {
      const isMember = state.memberships.has(business?.id ?? key)
      if (busy === 'joining' && isMember) done(key, t('You are in the Loop.'))
      if (busy === 'leaving' && !isMember) done(key, t('You have left the Loop.'))
    }
  }

  function done(key: string, said: string): void {
    patch(key, { busy: null })
    announce(said)
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.getElementById('join-title')?.focus()
    })
  }

  return {
    join: (key) => void join(key),
    leave: (businessId, name) => void leave(businessId, name),
    chat: (key) => void chat(key),
    heard,
    resume() {
      const wanted = wish
      wish = null
      wanted?.()
    },
    async open(key) {
      if (shopAt(key).busy) return
      patch(key, { busy: shopAt(key).business ? null : 'loading', problem: null })
      const answer = await fetched(ask, key)
      if (answer.ok) patch(key, { business: answer.value, busy: null })
      else patch(key, { busy: null, problem: shopAt(key).business ? null : answer.problem })
    },
  }
}

/** The profile at a key. A key that is no id is the end of a business's address, found by the words in it. */
async function fetched(ask: Ask, key: string): Promise<Outcome<Business>> {
  if (ID.test(key)) return await ask('GET /businesses/{business_id}', here(key))
  const words = key.replaceAll('-', ' ').replace(/ \d+$/, '').trim().slice(0, 200) || key
  const found = await ask('GET /businesses', { query: { q: words, limit: 100 } })
  if (!found.ok) return found
  const named = found.value.items.find((item) => item.slug === key)
  return await ask('GET /businesses/{business_id}', here(named?.id ?? 'none'))
}

function here(business_id: string): { path: { business_id: string } } {
  return { path: { business_id } }
}
