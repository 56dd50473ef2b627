/** Opening live state: of whoever this browser remembers at once, else of whoever the server says is here. */

import { createApi } from './api.ts'
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
  const login = remembered(side, base)
  const name = nameOf(side, base, login ?? '')
  const found = login === null ? null : await keptOf(side, name)
  if (found && actorOf(found.state.me) === (actor ?? actorOf(found.state.me))) {
    return goLive(found.state, found, asking, anybody, options)
  }
  if (found) {
    // At once: a page loaded again before the server has answered is not told whom it is for.
    remember(side, base, null)
    await empty(name)
  }
  const me = await asking
  if (!me) return null
  remember(side, base, loginOf(me))
  return goLive(me.side === 'staff' ? emptyDesk(me) : emptyMember(me), null, asking, anybody, options)
}

async function keptOf(side: Side, name: string): Promise<Kept | null> {
  const database = await openDatabase(name)
  const found = await readKept(database, side).catch(() => null)
  database.close()
  return found
}

/** Drop the rows of a login that is here no more; what it has begun or not sent waits for it. */
async function empty(name: string): Promise<void> {
  const database = await openDatabase(name)
  await database.empty().catch(() => {/* They lie there unread, until that login is here again. */})
  database.close()
}
