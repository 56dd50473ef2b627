/** The sound of the shop bell, made on the spot so that no file has to be fetched. */

import { sharedLocks } from '../base/locks.ts'
import { ringing, SILENT } from './ringing.ts'

/** Two partials about a fifth apart; the upper one is fainter and dies away sooner. */
const PARTIALS = [
  { hertz: 1174.7, gain: 0.5, seconds: 0.66 },
  { hertz: 1765, gain: 0.24, seconds: 0.42 },
] as const
const TAP = [{ hertz: 640, gain: 0.2, seconds: 0.12 }] as const
const ATTACK_SECONDS = 0.008
const CHECK_MS = 500

export interface Bell {
  /** In this tab, whoever has the turn. */
  ring(): void
  /** Only where this tab has the turn. */
  tap(): void
  /** To be told whenever the number of unclaimed tickets may have changed. */
  unclaimed(count: number): void
}

/** `volume` is asked at every sound and answers 0 to 1. */
export function createBell(volume: () => number): Bell {
  let context: AudioContext | null = null
  let state = SILENT
  let count = 0
  let turn = false
  let asksForTurn = false

  const open = (): AudioContext => (context ??= new AudioContext())
  const strike = (
    partials: readonly { hertz: number; gain: number; seconds: number }[],
    loudness: number,
  ) => {
    const level = volume() * loudness
    if (level <= 0 || !mayBeHeard()) return
    const audio = open()
    if (audio.state === 'suspended') void audio.resume()
    for (const { hertz, gain, seconds } of partials) sound(audio, hertz, gain * level, seconds)
  }

  // Of several tabs one is heard, and none that the browser keeps silent; when it is closed, the next has the turn.
  const wake = () => {
    if (!mayBeHeard()) return
    void open().resume()
    if (asksForTurn) return
    asksForTurn = true
    // Refused, it is asked for again by the next touch.
    takeTurn(() => turn = true).catch(() => asksForTurn = false)
  }
  // A finger counts once it is lifted, and what presses for somebody only clicks.
  for (const gesture of ['pointerdown', 'pointerup', 'keydown', 'click']) {
    addEventListener(gesture, wake, { passive: true })
  }
  const check = () => {
    const heard = ringing(state, count, performance.now())
    state = heard.next
    if (turn && heard.loudness > 0) strike(PARTIALS, heard.loudness)
  }
  setInterval(check, CHECK_MS)

  return {
    ring: () => strike(PARTIALS, 1),
    tap: () => turn && strike(TAP, 1),
    unclaimed(next) {
      if (next === count) return
      count = next
      check()
    },
  }
}

/** Holds the turn until the page is gone. Without locks every tab is heard. */
function takeTurn(taken: () => void): Promise<void> {
  const locks = sharedLocks()
  const hold = () => {
    taken()
    return new Promise<void>(() => {})
  }
  return locks ? locks.request('shopbell-bell', hold) : hold()
}

/** Until somebody has touched the page, a browser lets it make no sound. */
function mayBeHeard(): boolean {
  return navigator.userActivation?.hasBeenActive ?? true
}

function sound(audio: AudioContext, hertz: number, gain: number, seconds: number): void {
  const voice = audio.createOscillator()
  const envelope = audio.createGain()
  const start = audio.currentTime + 0.005
  voice.frequency.value = hertz
  envelope.gain.setValueAtTime(0, start)
  envelope.gain.linearRampToValueAtTime(gain, start + ATTACK_SECONDS)
  envelope.gain.exponentialRampToValueAtTime(0.0001, start + seconds)
  voice.connect(envelope).connect(audio.destination)
  voice.start(start)
  voice.stop(start + seconds)
}
