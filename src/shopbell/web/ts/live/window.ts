/** A long list of which only what is near the eye stands in the document; what one reads never moves. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { AsyncDirective } from 'lit-html/async-directive.js'
import { type ChildPart, directive, type PartInfo, PartType } from 'lit-html/directive.js'
import { guard } from 'lit-html/directives/guard.js'
import { repeat } from 'lit-html/directives/repeat.js'
import { linesIn, setLength } from './gaps.ts'
import { holds, Lengths, type Span } from './lengths.ts'
import { bring, type Place, placeIn } from './place.ts'

export interface Windowed<L> {
  /** Another one is another list: it begins at its end. */
  readonly id: string
  readonly lines: readonly L[]
  /** Each line draws exactly one element. */
  draw(line: L): TemplateResult
  /** What the drawing of a line depends on; null for one that is drawn anew each time. */
  partsOf(line: L): readonly unknown[] | null
  keyOf(line: L): string
  /** The `data-key`s of the elements within, by which the reading place is found again even if lines are cut anew. */
  keysOf(line: L): readonly string[]
  /** How long a line may be in a room of that width, in CSS pixels. */
  guess(line: L, width: number): number
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

/** How far from the end still counts as there. */
const NEAR_PIXELS = 48
/** As the list had it that stood here last; in CSS pixels. */
let usual = { width: 640, height: 800, between: 16 }
/** Of the room: what stands above and below it, and how much of that is left when more is drawn. */
const SPARE = 3 / 4
const NEARLY_USED = 1 / 2
/** A list that has just come up is drawn as far as one sees it, and a little more, since its lengths are guesses. */
const AT_FIRST = 1 / 8
/** What is not in sight is drawn in pieces of that length, between two frames, so that scrolling waits for none. */
const PIECE_PIXELS = 240

class Window extends AsyncDirective {
  private scroller: HTMLElement | null = null
  private given: Windowed<unknown> | null = null
  private readonly lengths = new Lengths<unknown>()
  private room = usual
  private span: Span = { first: 0, end: 0 }
  /** What is to stand there once all pieces are drawn. */
  private goal: Span = { first: 0, end: 0 }
  /** Of lines, when it was drawn last. */
  private count = 0
  /** The lines of the span, as they stood last. */
  private elements: readonly HTMLElement[] = []
  private stuck = true
  /** `scrollTop`, when it was asked for last. */
  private stoodAt = 0
  private hasNewer = false
  private told: { end: boolean; newest: string } | null = null
  private place: Place | null = null
  /** Nothing of what is in sight now was drawn before. */
  private isFresh = true
  private settling = false
  private goingOn = false
  private readonly resized = new ResizeObserver(() => this.fit())

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
    if (before?.id !== given.id) this.begin()
    else {
      if (given.own !== '' && given.own !== before.own) this.stuck = true
      if (this.stuck) this.hasNewer = false
      else if (given.newest !== before.newest) this.hasNewer = true
    }
    this.given = given
    return this.drawn()
  }

  override disconnected(): void {
    this.scroller?.removeEventListener('scroll', this.scrolled)
    this.resized.disconnect()
    this.scroller = null
  }

  private attach(scroller: HTMLElement): void {
    this.scroller = scroller
    // Browsers tell of it once a frame, before anything is drawn.
    scroller.addEventListener('scroll', this.scrolled, { passive: true })
    this.resized.observe(scroller)
  }

  private begin(): void {
    this.lengths.forget()
    this.stuck = true
    this.isFresh = true
    this.hasNewer = false
    this.place = null
    this.told = null
  }

  /** The template of what is to stand in the document now. Measures nothing, since what stands there is half drawn. */
  private drawn(): TemplateResult {
    const { lines, draw, partsOf, keyOf, newer } = this.given!
    this.span = this.next()
    const line = (one: unknown) => {
      const parts = partsOf(one)
      return parts ? guard(parts, () => draw(one)) : draw(one)
    }
    if (!this.settling) {
      this.settling = true
      // After the template stands and before anything is painted.
      queueMicrotask(() => this.settle())
    }
    return html`<div class="gap"></div>${
      repeat(lines.slice(this.span.first, this.span.end), keyOf, line)
    }<div class="gap"></div>${this.hasNewer && newer ? newer(this.pressed) : nothing}`
  }

  /** What is in sight, and of what is to stand around it a piece more than does. */
  private next(): Span {
    const { lengths, span } = this
    const { top, moved } = this.edge()
    const sight = this.around(top, AT_FIRST)
    this.goal = this.around(top, SPARE)
    if (this.isFresh) return sight
    const stands = { first: span.first + moved, end: span.end + moved }
    return lengths.towards(this.goal, sight, stands, PIECE_PIXELS)
  }

  private around(top: number, spare: number): Span {
    const { height } = this.room
    return this.lengths.between(top - height * spare, this.stuck ? Infinity : top + height * (1 + spare))
  }

  /** Where the upper edge is in the list as it is now, and by how many lines all that is in sight has moved. */
  private edge(): { top: number; moved: number } {
    const { lines, keyOf, keysOf, guess } = this.given!
    const { width, height, between } = this.room
    const longer = lines.length - this.count
    this.count = lines.length
    this.lengths.lay(lines, keyOf, (line) => guess(line, width) + between)
    if (this.stuck) return { top: this.lengths.whole - height, moved: longer }
    const stays = { top: this.scroller!.scrollTop, moved: 0 }
    if (!this.place) return stays
    const { key, line, lineOffset } = this.place
    const isHere = (at: number) => at >= 0 && at < lines.length && keysOf(lines[at]).includes(key)
    const at = [line, line + longer].find(isHere) ?? lines.findIndex((_, at) => isHere(at))
    if (at < 0) return stays
    this.place = { ...this.place, line: at }
    return { top: this.lengths.startOf(at) - lineOffset, moved: at - line }
  }

  /** Let empty room stand for the rest, measure what stands, and put the reader back where they were. */
  private settle(): void {
    this.settling = false
    const scroller = this.scroller
    if (!scroller || !this.given || !this.isConnected) return
    const { first, end } = this.span
    const { lengths, room } = this
    const [above, below, elements] = linesIn(scroller, end - first)
    this.elements = elements
    // An empty room is followed by a gap like any line. All is set before the first look, which lays everything out.
    setLength(above, lengths.startOf(first) - room.between)
    setLength(below, lengths.whole - lengths.startOf(end) - room.between)
    lengths.measure(
      first,
      elements.map((element) => {
        const { height } = element.getBoundingClientRect()
        return height && height + room.between
      }),
    )
    if (this.stuck) scroller.scrollTop = scroller.scrollHeight
    else if (this.place) bring(scroller, this.place)
    else this.place = placeIn(scroller, elements, first)
    this.stoodAt = scroller.scrollTop
    // Shorter than guessed, so that there is paper in sight.
    if (this.isNear(0) && this.drawMore()) return
    if (this.isFresh) {
      this.isFresh = false
      requestAnimationFrame(this.goOn)
    } else if (!holds(this.span, this.goal)) this.goOn()
    this.tell()
    this.askForMore()
  }

  /** Whether more was in sight than was drawn. */
  private drawMore(): boolean {
    if (holds(this.span, this.around(this.edge().top, AT_FIRST))) return false
    this.setValue(this.drawn())
    return true
  }

  /** Draw the next piece in a task of its own. */
  private readonly goOn = (): void => {
    if (this.goingOn) return
    this.goingOn = true
    setTimeout(() => {
      this.goingOn = false
      const { scroller } = this
      if (!scroller || !this.given || !this.isConnected) return
      // Some browsers scroll first and tell of it later.
      if (scroller.scrollTop !== this.stoodAt) this.locate(scroller)
      this.setValue(this.drawn())
    })
  }

  private tell(): void {
    const now = { end: this.stuck, newest: this.given!.newest }
    if (this.told?.end === now.end && this.told.newest === now.newest) return
    this.told = now
    this.given!.atEnd?.(now.end)
  }

  private askForMore(): void {
    if (this.span.first === 0 && this.scroller!.scrollTop < this.room.height) this.given!.nearStart?.()
  }

  private readonly scrolled = (): void => {
    const scroller = this.scroller
    if (!scroller || !this.given || !this.isConnected) return
    const hadNewer = this.hasNewer
    if (!this.locate(scroller)) return this.toEnd()
    if (this.isNear(0) || hadNewer !== this.hasNewer) this.setValue(this.drawn())
    else {
      if (this.isNear(this.room.height * NEARLY_USED)) this.goOn()
      this.tell()
    }
    this.askForMore()
  }

  /** Take note of where the reader is; false where the end went on without them. */
  private locate(scroller: HTMLElement): boolean {
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
    // The room has shrunk, or what is in it has grown: nobody has left the end.
    if (this.stuck && left > 1 && scroller.scrollTop >= this.stoodAt - 1) return false
    this.stoodAt = scroller.scrollTop
    this.stuck = left < NEAR_PIXELS && this.span.end >= this.given!.lines.length
    if (this.stuck) this.hasNewer = false
    this.place = this.stuck ? null : placeIn(scroller, this.elements, this.span.first)
    this.isFresh ||= !this.stuck && !this.place
    return true
  }

  /** Whether what is not drawn comes that near to what is in sight. */
  private isNear(pixels: number): boolean {
    const { elements } = this
    const edge = this.scroller!.getBoundingClientRect().top
    const top = elements[0]?.getBoundingClientRect().top ?? edge
    const bottom = elements.at(-1)?.getBoundingClientRect().bottom ?? edge
    return (this.span.first > 0 && top > edge - pixels) ||
      (this.span.end < this.given!.lines.length && bottom < edge + this.room.height + pixels)
  }

  /** The room has another size, or is known for the first time. */
  private fit(): void {
    const scroller = this.scroller
    if (!scroller || !this.given || !this.isConnected) return
    const between = Number.parseFloat(getComputedStyle(scroller).rowGap) || 0
    const room = { width: scroller.clientWidth, height: scroller.clientHeight, between }
    const isOther = room.width !== this.room.width || between !== this.room.between
    this.room = usual = room
    if (isOther) this.lengths.forget()
    if (isOther || this.isNear(0)) this.setValue(this.drawn())
    else this.settle()
  }

  /** The button that was pressed goes away, and the focus with it, unless the log takes it. */
  private readonly pressed = (): void => {
    this.scroller?.focus({ preventScroll: true })
    this.toEnd()
  }

  private readonly toEnd = (): void => {
    if (!this.given || !this.isConnected) return
    this.isFresh ||= this.span.end < this.given.lines.length
    this.stuck = true
    this.hasNewer = false
    this.place = null
    this.setValue(this.drawn())
  }
}

/** Fills the element around it, which scrolls. */
export const windowed: <L>(given: Windowed<L>) => unknown = directive(Window) as never
