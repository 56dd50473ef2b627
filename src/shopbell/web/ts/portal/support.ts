/** Chat Support has one tab: a second press shows it again as it is, instead of loading it anew. */

const TAB = 'shopbell-console'

/** Let every link to Chat Support show the tab that is open already. */
export function reuseConsoleTab(console: string): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>(`a[target="${TAB}"]`)
    if (link === null || event.defaultPrevented || hasModifier(event)) return
    const tab = globalThis.open('', TAB)
    // No tab: a blocker is at work, and the link itself will do.
    if (tab === null) return
    event.preventDefault()
    if (!isConsole(tab, console)) tab.location.href = link.href
    tab.focus()
  })
}

function hasModifier(event: MouseEvent): boolean {
  return event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
}

function isConsole(tab: Window, console: string): boolean {
  try {
    const path = tab.location.pathname
    return path === console || path.startsWith(`${console}/`)
  } catch {
    // Somebody went on to another site in that tab.
    return false
  }
}
