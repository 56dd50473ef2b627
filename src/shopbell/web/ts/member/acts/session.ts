/** The session of whoever is signed in: begun, listened to, and ended without a trace. */
import { n, t } from '../../base/texts.ts'
import { type Api, NO_ANSWER, Refusal } from '../../live/api.ts'
import type { Live } from '../../live/live.ts'
import { openLive } from '../../live/opening.ts'
import type { MemberState, Problem } from '../../live/types.ts'
import { ask } from '../../ui/dialog.ts'
import * as keepsakes from '../keepsakes.ts'
import { type Acts, type Kept, NOTHING_KEPT } from '../screen.ts'
import { decision } from '../views/decision.ts'
import { inWords } from '../views/refused.ts'
import type { Stage } from './stage.ts'

interface SessionActs
  extends Pick<Acts, 'signOut' | 'write' | 'post' | 'retry' | 'discard' | 'older' | 'seen'> {
  /** The API in the name of whoever is here, and of nobody else; null if nobody is. */
  api(): Api | null
  /** Find out who is here, if it is not known already, and be live for them. */
  begin(personId?: string): void
  /** Another page is shown, perhaps a chat: have its newest messages. */
  moved(): void
  /** The next page shown is fetched anew, though it is the same chat. */
  again(): void
  /** What was begun at a place. */
  draft(place: string): string
  /** Go on with what was begun at that place; empty forgets it. */
  goOn(place: string, text: string): void
  /** Have this device remember that for whoever is here. */
  keep(what: Partial<Kept>): void
}

interface Heard {
  /** The state moved on. */
  changed(state: MemberState): void
  /** Somebody is here. */
  entered(): void
  /** Nobody is, as it turned out. */
  nobody(): void
  /** Nobody is any more. */
  left(): void
}

export function sessionActs(stage: Stage, base: string, on: Heard): SessionActs {
  let live: Live<MemberState> | null = null
  let leaving = new AbortController()
  let shown = ''
  let fetching = ''
  let keptFor: string | null = null
  let due: ReadonlySet<string | null> = new Set()

  async function begin(actor?: string): Promise<void> {
    if (live) return
    stage.set({ who: { status: 'asking' } })
    try {
      live = await openLive('person', { base, actor, signedOut: forget })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      stage.set({ who: { status: 'unreachable', problem: error.problem } })
      return
    }
    if (live) return enter(live)
    stage.set({ who: { status: 'nobody' } })
    on.nobody()
  }

  function enter({ store, drafts }: Live<MemberState>): void {
    keptFor = store.state.me.person.id
    leaving = new AbortController()
    stage.set({ kept: keepsakes.kept(keptFor) })
    keepsakes.heedOtherTabs(keptFor, (kept) => kept ? stage.set({ kept }) : forget(), leaving.signal)
    drafts.subscribe(() => stage.set({}))
    leaving.signal.addEventListener('abort', store.subscribe(heard))
    heard(store.state)
    on.entered()
  }

  function heard(state: MemberState): void {
    if (state.connection.status === 'signed-out') return leave()
    stage.draw({ state, who: { status: 'somebody', me: state.me } })
    settle(state)
    show(state)
    on.changed(state)
  }

  // Feedback that is not due any more needs no remembering that it was put off.
  function settle(state: MemberState): void {
    // Until the lists are here it is not known what is.
    if (!state.listed) return
    const before = due
    due = new Set([...state.conversations.values()].map((chat) => chat.feedback_due))
    const { kept, ratings } = stage.screen
    const left = [...ratings].filter(([ticketId]) => due.has(ticketId))
    if (left.length < ratings.size) stage.set({ ratings: new Map(left) })
    // What was never due here may have been put off in a tab that is ahead.
    const settled = new Set([...before].filter((ticketId) => !due.has(ticketId)))
    const deferred = [...kept.deferred].filter((ticketId) => !settled.has(ticketId))
    if (deferred.length < kept.deferred.size) keep({ deferred: new Set(deferred) })
  }

  // Only what is known to be the person's own is asked for, since an address may name anything. What could not be
  // fetched without a connection is asked for again with one.
  function show(state: MemberState): void {
    const { route } = stage.screen
    const id = route.name === 'chat' ? route.id : ''
    const asked = `${id} ${state.connection.status === 'live'}`
    if (asked === shown || !live || (id && !state.conversations.has(id))) return
    shown = asked
    if (id && id !== fetching) void fetchThread(live, id)
  }

  async function fetchThread(own: Live<MemberState>, conversationId: string): Promise<void> {
    const isLive = () => own.store.state.connection.status === 'live'
    const wasLive = isLive()
    fetching = conversationId
    if (stage.screen.missing) stage.set({ missing: null })
    const problem = await refusalOf(own.load.thread(conversationId))
    if (live !== own) return
    if (fetching === conversationId) fetching = ''
    const { route } = stage.screen
    if (!problem || route.name !== 'chat' || route.id !== conversationId) return
    // Asked before there was a connection, it may have been answered with one.
    if (problem.status === NO_ANSWER.status && !wasLive && isLive()) return fetchThread(own, conversationId)
    stage.set({ missing: { conversationId, problem } })
  }

  function keep(what: Partial<Kept>): void {
    const kept = { ...stage.screen.kept, ...what }
    stage.set({ kept })
    if (keptFor !== null) keepsakes.keep(keptFor, kept)
  }

  function goOn(place: string, text: string): void {
    live?.drafts.set(place, text)
    stage.set({})
  }

  // What is muted or put off from now on, until the page makes way, is not kept either.
  function forget(): void {
    if (keptFor !== null) keepsakes.forget(keptFor)
    keptFor = null
  }

  function leave(): void {
    leaving.abort()
    live = null
    keptFor = null
    shown = ''
    fetching = ''
    due = new Set()
    stage.set({
      who: { status: 'nobody' },
      state: null,
      kept: NOTHING_KEPT,
      ratings: new Map(),
      missing: null,
      chatsQuery: '',
    })
    on.left()
  }

  function askSignOut(ending: Live<MemberState>): Promise<boolean | null> {
    let problem: Problem | null = null
    let isBusy = false
    return ask<boolean>((answer, redraw) =>
      decision({
        title: t('Sign out'),
        line: ending.unsent
          ? n(
            '{count} message has not been sent yet. It is lost if you sign out now.',
            '{count} messages have not been sent yet. They are lost if you sign out now.',
            ending.unsent,
          )
          : t('Your chats go from this device, and stay in your account.'),
        safe: t('Stay'),
        act: ending.unsent ? t('Discard and sign out') : t('Sign out'),
        busy: isBusy ? t('Signing out…') : '',
        refused: problem ? inWords(problem) : '',
        left: () => answer(false),
        async decided() {
          isBusy = true
          redraw()
          problem = await refusalOf(ending.signOut())
          isBusy = false
          if (problem) redraw()
          else answer(true)
        },
      })
    )
  }

  return {
    api: () => live?.api ?? null,
    begin: (personId) => void begin(personId),
    signOut() {
      if (live) void askSignOut(live)
    },
    moved() {
      if (live) show(live.store.state)
    },
    again() {
      shown = ''
    },
    older: (conversationId) => void live?.load.older(conversationId).catch(() => undefined),
    seen: (conversationId, seq) => live?.read(conversationId, seq),
    retry: (nonce) => live?.retry(nonce),
    discard: (nonce) => live?.discard(nonce),
    keep,
    draft: (place) => live?.drafts.of(place) ?? '',
    goOn,
    write(conversationId, text) {
      if (text.trim()) live?.typing(conversationId)
      goOn(conversationId, text)
    },
    post(conversationId, text) {
      if (!live || !text.trim()) return false
      live.post(conversationId, text)
      live.drafts.set(conversationId, '')
      live.drafts.keep()
      // So that it stands in the very next frame.
      stage.draw({ state: live.store.state })
      return true
    },
  }
}

/** Why the server said no; null if it did not. */
async function refusalOf(work: Promise<unknown>): Promise<Problem | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.problem
    throw error
  }
}
