/** The middle: one customer's thread and where one answers, or a bell that hangs still. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { guard } from 'lit-html/directives/guard.js'
import { t } from '../base/texts.ts'
import { icon } from '../ui/icon.ts'
import type { Problem } from '../live/types.ts'
import { composer } from './composer.ts'
import { header } from './header.ts'
import { still } from './mark.ts'
import { pathOf } from './route.ts'
import { standing } from './standing.ts'
import { type ThreadActions, threadpane } from './threadpane.ts'
import { ticketOf, type View } from './view.ts'

const BOTH_PANES = matchMedia('(min-width: 48rem)')

export function mainview(view: View, act: ThreadActions): TemplateResult {
  const ticket = ticketOf(view)
  if (view.screen.ticket === null) return nobody(view)
  const problem = view.screen.missing.get(view.screen.ticket)
  if (!ticket) return problem ? missing(problem) : opening()
  const { state, screen } = view
  const minute = Math.floor(screen.now / 30_000)
  return html`<main class="main" id="content">
    ${
    guard([ticket, screen.menu, state.counts, screen.pulling, state.me, minute], () => header(view, ticket))
  }
    <div class="middle">${isSeen(view) ? threadpane(view, ticket, act) : nothing}</div>
    <div class="foot">
      ${guard([ticket, state.tickets, screen.trouble, state.me], () => standing(view, ticket))}
      ${
    guard([ticket, screen.tab, screen.settings, state.me, view.draft.message, view.draft.note], () =>
      composer(view, ticket))
  }
    </div>
  </main>`
}

function nobody({ state, screen }: View): TemplateResult {
  const { waiting, unclaimed } = state.counts
  const [title, words] = waiting > 0
    ? [t('Somebody is waiting'), t('Pull the tickets into the panel, then select one to answer it.')]
    : unclaimed > 0
    ? [t('Somebody has no agent yet'), t('Select an unassigned ticket: it becomes yours.')]
    : [t('Nothing waiting'), t('When the bell rings, you will hear it here and see it in the tab.')]
  const content = screen.opening ? nothing : html`
    <div class="empty calm">
      ${still(unclaimed > 0)}
      <h1>${title}</h1>
      <p>${words}</p>
      <p class="row"><button class="button plain" data-do="hear-bell">${icon('play', 's')}${t(
        'Hear the bell',
      )}</button></p>
    </div>
  `
  return html`<main class="main" id="content"><span></span><div class="middle">${content}</div><span></span></main>`
}

function opening(): TemplateResult {
  return html`
    <main class="main"
      id="content"><span></span><div class="middle late" role="status"><span class="hidden">${t(
        'Loading the ticket',
      )}</span></div><span></span></main>
  `
}

function missing(problem: Problem): TemplateResult {
  const gone = problem.status === 404
  return html`<main class="main" id="content"><span></span><div class="empty" role="alert">
    <h1>${gone ? t('There is no such ticket') : t('The ticket could not be loaded')}</h1>
    <p>${gone ? t('The link may be of another business, or the ticket was erased.') : problem.detail}</p>
    <p class="row">${
    gone ? nothing : html`<button class="button plain" data-do="retry-thread">${t('Try again')}</button>`
  }<a class="button quiet" href=${pathOf(null)} data-do="back">${t('All tickets')}</a></p>
  </div><span></span></main>`
}

/** On a narrow screen the thread is either what one sees, or not there: what is not seen is not read. */
export function isSeen({ screen }: Pick<View, 'screen'>): boolean {
  return screen.pane === 'thread' || BOTH_PANES.matches
}
