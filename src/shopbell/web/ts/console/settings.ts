/** How this console is set on this device; nothing in it tells who used it. */

export interface Settings {
  /** 0 to 1; 0 is off. */
  readonly volume: number
  readonly enterSends: boolean
  /** Single letters as shortcuts; some people speak to their computer and need them off (WCAG 2.1.4). */
  readonly singleKeys: boolean
  readonly details: boolean
}

const PLACE = 'shopbell.console'
const DEFAULTS: Settings = { volume: 0.7, enterSends: true, singleKeys: true, details: true }

export function readSettings(): Settings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '{}')
    return isPart(kept) ? { ...DEFAULTS, ...kept } : DEFAULTS
  } catch {
    return DEFAULTS
  }
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(settings))
  } catch {
    // A browser without storage forgets the volume; all else works.
  }
}

/** Calls back when another tab has changed them. */
export function heedSettings(heard: (settings: Settings) => void): void {
  addEventListener('storage', ({ key }) => key === PLACE && heard(readSettings()))
}

function isPart(kept: unknown): kept is Partial<Settings> {
  if (typeof kept !== 'object' || kept === null) return false
  return Object.entries(kept).every(([name, value]) =>
    name in DEFAULTS && typeof value === typeof DEFAULTS[name as keyof Settings]
  )
}
