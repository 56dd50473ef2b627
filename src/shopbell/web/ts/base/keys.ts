// Keys: which does what, and walking a list with the arrows.

import { isWriting } from './dom.ts'

/** One key. `key` is as in KeyboardEvent, with "Mod+" for Ctrl or Command and "Shift+" where it is not a letter. */
export interface Binding {
  key: string
  /** What it does, in words for the list that `?` shows. */
  text: string
  run: (event: KeyboardEvent) => void
  when?: () => boolean
  /** Also while text is being written; for keys with Mod this is so anyway. */
  always?: boolean
}

export interface KeyOptions {
  /** Whether single letters act at all (WCAG 2.2, 2.1.4 lets people switch them off). */
  letters?: () => boolean
}

/** Listen for the keys until the returned function is called. */
export function listen(
  target: EventTarget,
  bindings: readonly Binding[],
  options: KeyOptions = {},
): () => void {
  const heard = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented || event.isComposing) return
    const key = nameOf(event)
    const found = bindings.find((each) => each.key === key && (each.when?.() ?? true))
    if (found === undefined || !mayAct(found, event, options)) return
    event.preventDefault()
    found.run(event)
  }
  target.addEventListener('keydown', heard)
  return () => target.removeEventListener('keydown', heard)
}

/** The key as bindings name it: "e", "?", "ArrowDown", "Mod+k", "Shift+Enter". */
export function nameOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const single = [...event.key].length === 1
  const key = single ? event.key.toLowerCase() : event.key
  const mod = event.ctrlKey || event.metaKey ? 'Mod+' : ''
  const alt = event.altKey ? 'Alt+' : ''
  const shift = event.shiftKey && !single ? 'Shift+' : ''
  return `${mod}${alt}${shift}${key}`
}

/** Move the focus among the items by arrows, Home and End; true if the event was such a key. */
export function walk(event: KeyboardEvent, items: readonly HTMLElement[]): boolean {
  const at = items.findIndex((item) => item.contains(document.activeElement))
  const to = stepTo(event.key, at, items.length)
  if (to === undefined) return false
  event.preventDefault()
  items[to]?.focus()
  return true
}

/** Where a key leads from one place in a list of that length; -1 is before the first. */
export function stepTo(key: string, at: number, length: number): number | undefined {
  if (length === 0) return undefined
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, length - 1)
    case 'ArrowUp':
      return Math.max(at - 1, 0)
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return undefined
  }
}

function mayAct(binding: Binding, event: KeyboardEvent, options: KeyOptions): boolean {
  const withMod = binding.key.startsWith('Mod+')
  if (!withMod && !binding.always && isWriting(event.target)) return false
  const letter = [...binding.key].length === 1
  return !letter || binding.always === true || (options.letters?.() ?? true)
}
