// What the page hands over, where the focus is, and what a screen reader is told.

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), ' +
  'textarea:not(:disabled), summary, [tabindex]:not([tabindex="-1"])'

/** What the server handed to this page's script. Throws where it handed over nothing. */
export function pageData<T>(): T {
  return JSON.parse(document.getElementById('page')?.textContent ?? 'null') as T
}

/** Everything in there that the keyboard can reach, in order. */
function focusable(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => element.checkVisibility())
}

/** Put the focus on what asks for it, else on the first that can have it. */
export function focusFirst(root: ParentNode): void {
  const wanted = root.querySelector<HTMLElement>('[autofocus]') ?? focusable(root)[0]
  wanted?.focus()
}

/** Have a screen reader say it: when it is done with what it says, or at once for what cannot wait. */
export function announce(text: string, manner: 'polite' | 'assertive' = 'polite'): void {
  // It came with the page: what is put there together with its text is mostly not heard.
  const region = document.getElementById(`say-${manner}`)
  if (!region) return
  // The same words again count as a change only if something else stood there in between.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text
}

/** Whether the keyboard is writing text there, so that single letters are letters. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement &&
    !['button', 'checkbox', 'radio', 'range', 'submit'].includes(target.type)
}

/** Let open menus close by Escape, by a press elsewhere and by choosing from them. Call once for a page. */
export function closeMenusByThemselves(): void {
  const close = (keep: Node | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.fold[open]')) {
      if (keep === null || !menu.contains(keep)) menu.open = false
    }
  }
  document.addEventListener('pointerdown', (event) => close(event.target as Node))
  document.addEventListener('focusin', (event) => close(event.target as Node))
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('details.fold > .menu > *')) close(null)
  })
  document.addEventListener('keydown', (event) => {
    const open = document.querySelector<HTMLDetailsElement>('details.fold[open]')
    if (event.key !== 'Escape' || open === null) return
    event.preventDefault()
    const had = open.contains(document.activeElement)
    open.open = false
    if (had) open.querySelector('summary')?.focus()
  })
}
