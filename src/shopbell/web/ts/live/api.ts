/** The HTTP API with the server's own types: what goes in, what comes out, and refusals as problems. */

import { t } from '../base/texts.ts'
import type { Operations } from './generated/api.ts'
import type { Problem, Side } from './types.ts'

export type Operation = keyof Operations
export type Answer<K extends Operation> = Operations[K]['answer']

/** What an operation needs; a part without fields may be left out. */
export type Given<K extends Operation> =
  & Part<'path', Operations[K]['path']>
  & Part<'query', Operations[K]['query']>
  & Part<'body', Operations[K]['body']>

type Part<Name extends string, T> = [T] extends [undefined] ? unknown
  : Record<never, never> extends T ? { [name in Name]?: T }
  : { [name in Name]: T }

type Parts = { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }

/** The server's "no", or with `status` 0 no answer at all; `problem.detail` is for people. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail)
    this.name = 'Refusal'
  }
}

export interface Api {
  /**
   * `api('GET /tickets/{ticket_id}', { path: { ticket_id } })`. Rejects with a Refusal, and with an AbortError when
   * the signal ends it.
   */
  <K extends Operation>(operation: K, given: Given<K>, signal?: AbortSignal): Promise<Answer<K>>
}

const API = '/api/v1'
/** A server that says nothing for so long is not there. */
const PATIENCE_MILLISECONDS = 20_000

/**
 * The API as one side asks it; `base` is the path the product stands under, without a slash at its end. With an
 * `actor`, staff member or person, nothing is done in anybody else's name: such a request is refused as `OTHER_LOGIN`.
 */
export function createApi(
  side: Side,
  base = '',
  actor: string | null = null,
  ask: typeof fetch = (...given) => fetch(...given),
): Api {
  return async <K extends Operation>(operation: K, given: Given<K>, signal?: AbortSignal) => {
    const { path = {}, query = {}, body } = given as Parts
    const [method, template] = operation.split(' ') as [string, string]
    const address = base + API + filled(template, path) + searched(query)
    const headers: Record<string, string> = { 'Shopbell-Side': side }
    if (actor !== null) headers['Shopbell-Actor'] = actor
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    const patience = AbortSignal.timeout(PATIENCE_MILLISECONDS)
    let response: Response
    let text: string
    try {
      response = await ask(address, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        credentials: 'same-origin',
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      })
      text = await response.text()
    } catch (error) {
      if (signal?.aborted) throw error
      throw new Refusal(NO_ANSWER)
    }
    const answer = parsed(text)
    if (!response.ok) throw new Refusal(problemOf(response, answer))
    return answer as Answer<K>
  }
}

/** In the reader's language as of when it is looked at. */
export const NO_ANSWER: Problem = {
  type: '/problems/no_answer',
  code: 'no_answer',
  status: 0,
  get title() {
    return t('The server cannot be reached.')
  },
  get detail() {
    return t('The server cannot be reached. Check your connection and try again.')
  },
}

/** The code of a problem: this browser's cookie is by now that of another login than the page is for. */
const OTHER_LOGIN = 'other_login'

/** Whether that is said of who asks, before anything of what is asked was looked at: somebody else, or nobody, is here. */
export function isOfWhoAsks({ status, code }: Problem): boolean {
  return status === 401 || code === OTHER_LOGIN
}

/** Whether the same may be asked again later, with the same nonce: nothing was decided. */
export function mayPass(problem: Problem): boolean {
  const { status } = problem
  return status === 0 || status === 429 || status >= 500 || isOfWhoAsks(problem)
}

function filled(template: string, path: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(path[name] ?? ''))
}

function searched(query: Record<string, unknown>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A proxy in between may answer with something of its own. */
function problemOf(response: Response, answer: unknown): Problem {
  if (typeof answer === 'object' && answer !== null && 'code' in answer) return answer as Problem
  const detail = t('The server answered {status}. Try again in a moment.', {
    status: String(response.status),
  })
  return { ...NO_ANSWER, code: 'unexpected', title: detail, detail, status: response.status }
}
