/** Opening live state: of whoever this browser remembers at once, else of whoever the server says is here. */

import { createApi } from './api.ts'
import type { Database } from './db.ts'
import { emptyDesk, emptyMember } from './fold.ts'
import { actorOf, loginOf, nameOf, remember, remembered, whoAsks } from './identity.ts'
import { openDatabase } from './indexed.ts'
import { goLive, type Live, type Options } from './live.ts'
import { type Kept, readKept } from './rows.ts'
import type { DeskState, MemberState, Side, State } from './types.ts'

/**
 * The live state of whoever is signed in on that side, or null if nobody is.
 *
 * What was kept in this browser is there when it resolves, before the server was asked. Rejects with a Refusal when
 * nothing is kept and the server cannot be reached.
 */
export function openLive(side: 'staff', options?: Options): Promise<Live<DeskState> | null>
export function openLive(side: 'person', options?: Options): Promise<Live<MemberState> | null>
export async function openLive(side: Side, options: Options = {}): Promise<Live<State> | null> {
  const { base = '', actor } = options
  const anybody = createApi(side, base)
  const asking = whoAsks(anybody)
  // Whoever waits for it hears of a failure; until then it is nobody's.
  asking.catch(() => {})
  const here = await recalled(side, base)
  if (here?.found) {
    const { state } = here.found
    if (actorOf(state.me) === (actor ?? actorOf(state.me))) {
      return goLive(state, here, asking, anybody, options)
    }
    // At once: a page loaded again before the server has answered is not told whom it is for.
    remember(side, base, null)
    // What that login has begun or not sent waits for it; so do its rows, unread, where they cannot be dropped.
    await here.database.empty().catch(() => {})
  }
  const me = await asking.catch((error) => {
    here?.database.close()
    throw error
  })
  const login = me && loginOf(me)
  if (login !== here?.login) here?.database.close()
  if (!me || login === null) return null
  remember(side, base, login)
  // One that does not answer is waited for once.
  const database = login === here?.login ? here.database : await openDatabase(nameOf(side, base, login))
  const first = me.side === 'staff' ? emptyDesk(me) : emptyMember(me)
  return goLive(first, { database, found: null }, asking, anybody, options)
}

/** What this browser keeps of the login it remembers; null if it remembers none. */
async function recalled(side: Side, base: string): Promise<Recalled | null> {
  const login = remembered(side, base)
  if (login === null) return null
  const database = await openDatabase(nameOf(side, base, login))
  return { login, database, found: await readKept(database, side).catch(() => null) }
}

interface Recalled {
  readonly login: string
  readonly database: Database
  readonly found: Kept | null
}
