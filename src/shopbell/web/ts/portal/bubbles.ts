/** The red bubbles of the bar, the bell beside the shop's name, and the strip that says who waits. */

import { render } from 'lit-html'
import { announce } from '../base/dom.ts'
import { n } from '../base/texts.ts'
import { counter } from '../ui/counter.ts'

/** Draw the count wherever the page shows it; a rise pops once and is said. */
export function showWaiting(count: number, before: number): void {
  const label = n('{count} customer waiting', '{count} customers waiting', count)
  const fresh = count > before
  for (const place of document.querySelectorAll<HTMLElement>('[data-waiting]')) {
    clearOnce(place)
    render(counter({ count, label, pin: place.classList.contains('pinned'), fresh }), place)
  }
  showBell(count, fresh)
  showStrip(count)
  if (fresh) announce(label)
}

/** What the server drew makes way for the first drawing of the script. */
function clearOnce(place: HTMLElement): void {
  if (place.dataset.waiting === 'drawn') return
  place.replaceChildren()
  place.dataset.waiting = 'drawn'
}

function showBell(count: number, fresh: boolean): void {
  const bell = document.querySelector('.topbar .brand .mark')
  if (bell === null) return
  bell.classList.toggle('ringing', count > 0)
  bell.classList.toggle('quiet', count === 0)
  bell.classList.remove('rings')
  if (fresh) requestAnimationFrame(() => bell.classList.add('rings'))
}

function showStrip(count: number): void {
  const strip = document.querySelector<HTMLElement>('[data-strip]')
  if (strip === null) return
  strip.hidden = count === 0
  const words = strip.querySelector('[data-strip-count]')
  if (words) words.textContent = n('{count} customer is waiting.', '{count} customers are waiting.', count)
  // Who waited longest is known as of the page; once all were pulled it is somebody else.
  if (count === 0) strip.querySelector('[data-strip-longest]')?.remove()
}
