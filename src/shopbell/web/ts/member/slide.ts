/** Join by sliding the bell: a range with a bell for its knob, which keys and assistive technology work too. */
import { html, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { icon } from '../ui/icon.ts'

const FAR_ENOUGH = 85
const KEY_STEP = 25

/** The slider; `join` is called once, when it is let go near its end or moved to it by key. */
export function slideToJoin(join: () => void): TemplateResult {
  return html`
    <label class="slide">
      <input
        type="range"
        min="0"
        max="100"
        value="0"
        aria-label=${t('Slide to join the Loop')}
        aria-describedby="press-to-join"
        @pointerdown=${touch}
        @input=${(event: Event) => follow(range(event))}
        @change=${(event: Event) => letGo(range(event), join)}
        @keydown=${(event: KeyboardEvent) => step(event, join)}
        @blur=${(event: Event) => home(range(event))}
      />
      <span class="knob" aria-hidden="true"><svg class="mark bare" viewBox="0 0 32 32"><use href="#mark"></use></svg></span>
      <span class="words" aria-hidden="true">${t('Slide to join')}</span>
      ${icon('right')}
    </label>
  `
}

function range(event: Event): HTMLInputElement {
  return event.currentTarget as HTMLInputElement
}

function follow(input: HTMLInputElement): void {
  input.parentElement?.style.setProperty('--done', String(input.valueAsNumber / 100))
}

function touch(event: PointerEvent): void {
  const input = range(event)
  input.dataset['by'] = 'finger'
  input.parentElement?.classList.remove('let-go')
}

// A range changes at every key and every swipe of a screen reader; only a finger that lets go springs back.
function letGo(input: HTMLInputElement, join: () => void): void {
  const slid = input.dataset['by'] === 'finger'
  input.parentElement?.classList.add('let-go')
  if (input.valueAsNumber >= (slid ? FAR_ENOUGH : 100)) finish(input, join)
  else if (slid) home(input)
}

function step(event: KeyboardEvent, join: () => void): void {
  const input = range(event)
  const forward = getComputedStyle(input).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
  const backward = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
  const by: Record<string, number> = {
    [forward]: KEY_STEP,
    [backward]: -KEY_STEP,
    ArrowUp: KEY_STEP,
    ArrowDown: -KEY_STEP,
    Enter: 100,
    End: 100,
    Home: -100,
  }
  const change = by[event.key]
  if (change === undefined) return
  event.preventDefault()
  delete input.dataset['by']
  input.value = String(input.valueAsNumber + change)
  input.parentElement?.classList.add('let-go')
  follow(input)
  if (input.valueAsNumber >= 100) finish(input, join)
}

function finish(input: HTMLInputElement, join: () => void): void {
  input.value = '100'
  follow(input)
  join()
}

function home(input: HTMLInputElement): void {
  input.value = '0'
  input.parentElement?.classList.add('let-go')
  follow(input)
}
