/** The whole console: bar, customer, thread and tickets. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { guard } from 'lit-html/directives/guard.js'
import { t } from '../base/texts.ts'
import { dialog } from './dialogs.ts'
import { mainview } from './mainview.ts'
import { panel } from './panel.ts'
import { side } from './side.ts'
import { banner, topbar } from './topbar.ts'
import type { ThreadActions } from './threadpane.ts'
import { unkept } from '../ui/unkept.ts'
import { ticketOf, type View } from './view.ts'

export function wholeConsole(view: View, act: ThreadActions): TemplateResult {
  const { state, screen } = view
  const ticket = ticketOf(view)
  const look = !ticket ? 'bare' : screen.settings.details ? '' : 'folded'
  return html`<a class="skip" href="#content" data-do="skip">${t('Skip to the conversation')}</a>
  <div class="console ${look}" data-pane=${screen.pane}>
    ${
    guard(
      [
        state.me,
        state.connection,
        screen.lostSince,
        state.counts.waiting > 0,
        screen.menu,
        screen.settings,
        screen.filter.search,
      ],
      () => topbar(view),
    )
  }
    <div class="banners">${guard([screen.lostSince, screen.now], () => banner(view))}${
    state.keeps ? nothing : unkept()
  }</div>
    ${
    ticket
      ? guard(
        [
          ticket,
          state.members,
          state.history,
          state.feedback,
          state.tickets,
          screen.drawer,
          screen.settings.details,
        ],
        () => side(view, ticket, !screen.settings.details),
      )
      : nothing
  }
    ${mainview(view, act)}${panel(view)}
  </div>${guard([screen.dialog, state.staff, state.tickets], () => dialog(view))}`
}
