/** A long list of which only what is near the eye stands in the document; what one reads never moves. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { AsyncDirective } from 'lit-html/async-directive.js'
import { type ChildPart, directive, type PartInfo, PartType } from 'lit-html/directive.js'
import { repeat } from 'lit-html/directives/repeat.js'

export interface Windowed<L> {
  /** Another one is another list: it begins at its end. */
  readonly id: string
  readonly lines: readonly L[]
  /** Each line draws exactly one element. */
  draw(line: L): TemplateResult
  keyOf(line: L): string
  /** The `data-key`s of the elements within, by which the reading place is found again even if lines are cut anew. */
  keysOf(line: L): readonly string[]
  /** Another one means that something came at the end. */
  readonly newest: string
  /** Another one means that the reader put something at the end, and wants to see it. */
  readonly own: string
  /** The reader is near the first line: more may be fetched. */
  nearStart?(): void
  /** Whether the reader stands at the end; told when it changes, and with everything that comes. */
  atEnd?(isAtEnd: boolean): void
  /** Drawn at the lower edge while new lines have come below what one reads; pressing it goes to the end. */
  newer?(press: () => void): TemplateResult
}

export interface Span {
  readonly first: number
  /** One after the last. */
  readonly end: number
}

/** The lines that reach into the room and half a room more on both sides; all lengths in CSS pixels. */
export function spanAt(count: number, lengthOf: (at: number) => number, top: number, room: number): Span {
  let first = 0
  let reached = 0
  while (first < count && reached + lengthOf(first) <= top - room / 2) reached += lengthOf(first++)
  let end = first
  while (end < count && reached < top + room * 1.5) reached += lengthOf(end++)
  return { first: Math.min(first, Math.max(0, count - 1)), end }
}

/** The last lines that fill the room, and one room more above. */
export function spanAtEnd(count: number, lengthOf: (at: number) => number, room: number): Span {
  let first = count
  let reached = 0
  while (first > 0 && reached < room * 2) reached += lengthOf(--first)
  return { first, end: count }
}

/** How far from the end still counts as there. */
const NEAR_PIXELS = 48
/** Of a line that was never drawn. */
const USUAL_PIXELS = 76
const ROOM_PIXELS = 800

class Window extends AsyncDirective {
  private scroller: HTMLElement | null = null
  private given: Windowed<unknown> | null = null
  private readonly lengths = new Map<string, number>()
  private span: Span = { first: 0, end: 0 }
  private stuck = true
  private endedAt = 0
  private hasNewer = false
  private told: { end: boolean; newest: string } | null = null
  private anchor: { key: string; offset: number } | null = null
  private waiting = false
  private settling = false
  private readonly resized = new ResizeObserver(() => this.stuck ? this.toEnd() : this.scrolled())

  constructor(info: PartInfo) {
    super(info)
    if (info.type !== PartType.CHILD) throw new Error('windowed() fills an element')
  }

  render(_: Windowed<unknown>): unknown {
    return nothing
  }

  override update(part: ChildPart, [given]: [Windowed<unknown>]): unknown {
    const before = this.given
    if (!this.scroller) this.attach(part.parentNode as HTMLElement)
    if (before?.id !== given.id) {
      this.lengths.clear()
      this.stuck = true
      this.hasNewer = false
      this.anchor = null
      this.told = null
    } else {
      if (given.own !== '' && given.own !== before.own) this.stuck = true
      this.anchor = this.stuck ? null : this.place()
      if (this.stuck) this.hasNewer = false
      else if (given.newest !== before.newest) this.hasNewer = true
    }
    this.given = given
    return this.drawn()
  }

  override disconnected(): void {
    this.scroller?.removeEventListener('scroll', this.onScroll)
    this.resized.disconnect()
    this.scroller = null
  }

  private attach(scroller: HTMLElement): void {
    this.scroller = scroller
    scroller.addEventListener('scroll', this.onScroll, { passive: true })
    this.resized.observe(scroller)
  }

  private get room(): number {
    return this.scroller?.clientHeight || ROOM_PIXELS
  }

  private readonly lengthOf = (at: number): number =>
    this.lengths.get(this.given!.keyOf(this.given!.lines[at])) ?? USUAL_PIXELS

  /** The template of what is to stand in the document now. */
  private drawn(): TemplateResult {
    const { lines, draw, keyOf, newer } = this.given!
    this.span = this.spanNow()
    const shown = lines.slice(this.span.first, this.span.end)
    if (!this.settling) {
      this.settling = true
      // After the template stands and before anything is painted.
      queueMicrotask(() => this.settle())
    }
    return html`<div class="gap"></div>${repeat(shown, keyOf, draw)}<div class="gap"></div>${
      this.hasNewer && newer ? newer(this.toEnd) : nothing
    }`
  }

  private spanNow(): Span {
    const { lines, keysOf } = this.given!
    if (this.stuck) return spanAtEnd(lines.length, this.lengthOf, this.room)
    const anchor = this.anchor
    const at = anchor ? lines.findIndex((line) => keysOf(line).includes(anchor.key)) : -1
    const top = at >= 0 ? this.lengthBetween(0, at) - anchor!.offset : this.scroller!.scrollTop
    return spanAt(lines.length, this.lengthOf, Math.max(0, top), this.room)
  }

  private lengthBetween(first: number, end: number): number {
    let length = 0
    for (let at = first; at < end; at += 1) length += this.lengthOf(at)
    return length
  }

  /** The first thing in sight, and how far below the upper edge it begins. */
  private place(): { key: string; offset: number } | null {
    const edge = this.scroller!.getBoundingClientRect().top
    for (const element of this.elements()) {
      if (element.getBoundingClientRect().bottom <= edge) continue
      for (const part of element.matches('[data-key]') ? [element] : element.querySelectorAll('[data-key]')) {
        const { top, bottom } = part.getBoundingClientRect()
        if (bottom <= edge) continue
        return top < edge + this.room ? { key: (part as HTMLElement).dataset.key!, offset: top - edge } : null
      }
    }
    return null
  }

  private elements(): HTMLElement[] {
    const children = [...this.scroller!.children] as HTMLElement[]
    return children.slice(1, 1 + this.span.end - this.span.first)
  }

  /** Measure what stands, let empty room stand for the rest, and put the reader back where they were. */
  private settle(): void {
    this.settling = false
    const scroller = this.scroller
    if (!scroller || !this.given) return
    const { lines, keyOf } = this.given
    const [above] = scroller.children as unknown as HTMLElement[]
    const elements = this.elements()
    const below = scroller.children[1 + elements.length] as HTMLElement | undefined
    if (!above || !below) return
    const between = Number.parseFloat(getComputedStyle(scroller).rowGap) || 0
    elements.forEach((element, at) => {
      const line = lines[this.span.first + at]
      if (line !== undefined) this.lengths.set(keyOf(line), element.getBoundingClientRect().height + between)
    })
    // An empty room is followed by a gap of the grid like any line.
    setLength(above, this.lengthBetween(0, this.span.first) - between)
    setLength(below, this.lengthBetween(this.span.end, lines.length) - between)
    if (this.stuck) {
      scroller.scrollTop = scroller.scrollHeight
      this.endedAt = scroller.scrollTop
    } else this.backTo(elements)
    this.tell()
    if (this.span.first === 0 && scroller.scrollTop < this.room) this.given.nearStart?.()
  }

  private backTo(elements: readonly HTMLElement[]): void {
    if (!this.anchor) return
    const { key, offset } = this.anchor
    const at = `[data-key="${CSS.escape(key)}"]`
    const found = elements.map((element) => element.matches(at) ? element : element.querySelector(at)).find(
      Boolean,
    )
    if (!found) return
    const scroller = this.scroller!
    const moved = found.getBoundingClientRect().top - scroller.getBoundingClientRect().top - offset
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved
  }

  private tell(): void {
    const now = { end: this.stuck, newest: this.given!.newest }
    if (this.told?.end === now.end && this.told.newest === now.newest) return
    this.told = now
    this.given!.atEnd?.(now.end)
  }

  private readonly onScroll = (): void => {
    if (this.waiting) return
    this.waiting = true
    requestAnimationFrame(() => {
      this.waiting = false
      this.scrolled()
    })
  }

  private scrolled(): void {
    const scroller = this.scroller
    if (!scroller || !this.given || !this.isConnected) return
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
    // The room has shrunk, or what is in it has grown: nobody has left the end.
    if (this.stuck && left > 1 && scroller.scrollTop >= this.endedAt - 1) return this.toEnd()
    this.stuck = left < NEAR_PIXELS && this.span.end >= this.given.lines.length
    const hadNewer = this.hasNewer
    if (this.stuck) {
      this.hasNewer = false
      this.endedAt = scroller.scrollTop
    }
    this.anchor = this.stuck ? null : this.place()
    if (this.nearsPaper() || hadNewer !== this.hasNewer) this.setValue(this.drawn())
    else this.tell()
    if (this.span.first === 0 && scroller.scrollTop < this.room) this.given.nearStart?.()
  }

  /** Whether the reader comes close to where lines are not drawn. */
  private nearsPaper(): boolean {
    const elements = this.elements()
    const edge = this.scroller!.getBoundingClientRect().top
    const top = elements[0]?.getBoundingClientRect().top ?? edge
    const bottom = elements.at(-1)?.getBoundingClientRect().bottom ?? edge
    const spare = this.room / 4
    return (this.span.first > 0 && top > edge - spare) ||
      (this.span.end < this.given!.lines.length && bottom < edge + this.room + spare)
  }

  private readonly toEnd = (): void => {
    if (!this.given || !this.isConnected) return
    this.stuck = true
    this.hasNewer = false
    this.anchor = null
    this.setValue(this.drawn())
  }
}

function setLength(gap: HTMLElement, length: number): void {
  // A gap of nothing takes no room in the grid either.
  gap.hidden = length <= 0
  gap.style.setProperty('block-size', `${Math.max(0, length)}px`)
}

/** Fills the element around it, which scrolls. */
export const windowed: <L>(given: Windowed<L>) => unknown = directive(Window) as never
