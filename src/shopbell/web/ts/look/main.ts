// Draws every component as the browser does, beside what the server drew.

import { html, render } from 'lit-html'
import { closeMenusByThemselves, pageData } from '../base/dom.ts'
import { avatar } from '../ui/avatar.ts'
import { bones } from '../ui/bones.ts'
import { button, iconButton } from '../ui/button.ts'
import { card, list, table } from '../ui/card.ts'
import { chip, dot, priority, stars } from '../ui/chip.ts'
import { choice, rate, segments, toggle } from '../ui/choice.ts'
import { count, counter } from '../ui/counter.ts'
import { dialog } from '../ui/dialog.ts'
import { banner, empty } from '../ui/empty.ts'
import { field } from '../ui/field.ts'
import { icon, mark } from '../ui/icon.ts'
import { menu } from '../ui/menu.ts'
import { toast } from '../ui/toast.ts'
import { drawMoving } from './moving.ts'

interface Page {
  specimens: readonly { component: string; options: never }[]
}

// deno-lint-ignore no-explicit-any -- the options come from the server, as the test that compares both reads them
const DRAWN: Readonly<Record<string, (options: any) => unknown>> = {
  avatar,
  banner,
  bones: ({ rows, faces }) => bones(rows, faces),
  button,
  card,
  chip,
  choice,
  count: ({ many, label }) => count(many, label),
  counter,
  dialog,
  dot: ({ kind, label }) => dot(kind, label),
  empty,
  field,
  icon: ({ name, size, solid }) => icon(name, size, solid),
  icon_button: iconButton,
  list: ({ rows }) => list(rows),
  mark: ({ kind }) => mark(kind),
  menu,
  priority: ({ level }) => priority(level),
  rate,
  segments,
  stars: ({ value }) => stars(value),
  switch: toggle,
  table,
  toast,
}

const { specimens } = pageData<Page>()
for (const [at, { component, options }] of specimens.entries()) {
  const place = document.querySelector<HTMLElement>(`[data-lit="${at}"]`)
  const draw = DRAWN[component]
  if (place && draw) render(html`${draw(options)}`, place)
}
const moving = document.getElementById('moving')
if (moving) drawMoving(moving)
document.addEventListener('submit', (event) => event.preventDefault())
closeMenusByThemselves()
document.documentElement.dataset.drawn = ''
