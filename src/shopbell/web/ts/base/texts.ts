// The catalogue: every text people read is looked up here by its English words.

export type Values = Readonly<Record<string, string | number>>
export type Catalogue = Readonly<Record<string, string | readonly string[]>>

const LATIN = /^[\p{Script=Latin}\p{N}\p{P}\p{S}\p{Zs}]*$/u
const BIDI_CONTROL = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g
// Each ends whatever isolates it (Unicode bidirectional algorithm, X8).
// deno-lint-ignore no-control-regex
const PARAGRAPH_END = /[\n\r\x1c-\x1e\x85\u2029]/g
const PLACEHOLDER = /\{(\w+)\}/g

let catalogue: Catalogue = {}
let rules = new Intl.PluralRules(locale())
let numbers = new Intl.NumberFormat(locale())
let plain = new Intl.NumberFormat(locale(), { useGrouping: false })

/** The page's language, as the server set it, and of its countries the one whose forms the reader is used to. */
export function locale(): string {
  const lang = page()?.lang || 'en'
  // No further variants, such as that of a computer without settings, which groups no digits.
  return navigator.languages.find((read) => read.startsWith(`${lang}-`) && /^\w+-[A-Z]{2}$/.test(read)) ??
    lang
}

/** Take texts in another language: by English words, those with a count as one form for each plural category. */
export function speak(texts: Catalogue): void {
  catalogue = texts
  rules = new Intl.PluralRules(locale())
  numbers = new Intl.NumberFormat(locale())
  plain = new Intl.NumberFormat(locale(), { useGrouping: false })
}

/** The text in the reader's language, with `{name}` replaced by the value of that name. */
export function t(text: string, values: Values = {}): string {
  const found = catalogue[text]
  return filled(typeof found === 'string' ? found : text, values)
}

/** The form of the text for that count, which is `{count}` in it. */
export function n(one: string, many: string, count: number, values: Values = {}): string {
  const forms = catalogue[many]
  return filled((Array.isArray(forms) ? formFor(count, forms) : undefined) ?? (count === 1 ? one : many), {
    ...values,
    count,
  })
}

function formFor(count: number, forms: readonly string[]): string | undefined {
  return forms[rules.resolvedOptions().pluralCategories.indexOf(rules.select(count))]
}

/** The number with the grouping of the reader's language. */
export function number(value: number): string {
  return numbers.format(value)
}

const UNITS = [['megabyte', 1_000_000, 1], ['kilobyte', 1_000, 0], ['byte', 1, 0]] as const

/** The size of a file, in the largest unit of which there is a whole one. */
export function bytes(value: number): string {
  const [unit, many, maximumFractionDigits] = UNITS.find(([, least]) => value >= least) ?? UNITS[2]
  const unitDisplay = unit === 'byte' ? 'long' : 'short'
  const written = new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay, maximumFractionDigits })
  return written.format(value / many)
}

function filled(text: string, values: Values): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    if (typeof value === 'string') return isolated(value)
    // Other numbers name things, as that of a ticket does.
    return name === 'count' ? number(value) : plain.format(value)
  })
}

/** What people wrote, kept from turning the sentence around it (Unicode bidirectional algorithm, X5c). */
function isolated(value: string): string {
  if (LATIN.test(value) && page()?.dir !== 'rtl') return value
  return `\u2068${value.replace(BIDI_CONTROL, '').replace(PARAGRAPH_END, ' ')}\u2069`
}

function page(): HTMLElement | undefined {
  return globalThis.document?.documentElement
}
