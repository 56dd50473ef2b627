/** The thread in the main view. */

import { type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { myself } from '../live/fold.ts'
import { threadView } from '../live/thread.ts'
import { unfetched } from '../live/thread_fold.ts'
import type { Ticket } from '../live/types.ts'
import type { Actions } from './actions.ts'
import { happenings } from './happenings.ts'
import type { View } from './view.ts'

export type ThreadActions = Pick<Actions, 'retry' | 'discard' | 'older' | 'seen' | 'retryThread'>

export function threadpane({ state, screen }: View, ticket: Ticket, act: ThreadActions): TemplateResult {
  const thread = state.threads.get(ticket.conversation_id) ?? unfetched(ticket.conversation_id)
  return threadView(thread, {
    side: 'staff',
    author: myself(state),
    live: state.connection.status === 'live',
    label: t('Conversation with {name}', { name: ticket.customer.name }),
    events: happenings(state, ticket, thread),
    missing: screen.missing.get(ticket.id),
    again: act.retryThread,
    retry: act.retry,
    discard: act.discard,
    older: act.older,
    seen: act.seen,
  })
}
