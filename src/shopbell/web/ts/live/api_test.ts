import { createApi, mayPass, Refusal } from './api.ts'
import { equal } from './asserting.ts'

type Request = { address: string; init: RequestInit & { headers: Record<string, string> } }

function asking(answer: () => Response | Promise<never>, base = '', actor: string | null = null) {
  const asked: Request[] = []
  const api = createApi('staff', base, actor, (address, init) => {
    asked.push({ address: String(address), init: init as Request['init'] })
    return Promise.resolve(answer())
  })
  return { api, asked }
}

const refused = (asked: Promise<unknown>) => asked.then(() => null, (error) => (error as Refusal).problem)

Deno.test('a request names its side, and has path, query and body in their places', async () => {
  const { api, asked } = asking(() => Response.json({ items: [], next: null, cursor: 'e-1' }), '/desk')
  await api('GET /tickets/{ticket_id}/notes', { path: { ticket_id: 'a/b' }, query: { limit: 5 } })
  await api('PUT /tickets/{ticket_id}/closure', { path: { ticket_id: 't' }, body: { outcome: 'resolved' } })
  equal(asked.map(({ address }) => address), [
    '/desk/api/v1/tickets/a%2Fb/notes?limit=5',
    '/desk/api/v1/tickets/t/closure',
  ])
  equal([asked[1]!.init.method, asked[1]!.init.body], ['PUT', '{"outcome":"resolved"}'])
  equal(asked[1]!.init.headers, { 'Shopbell-Side': 'staff', 'Content-Type': 'application/json' })
})

Deno.test('a request says in whose name alone it may be done, and may be asked again once they are back', async () => {
  const other = { type: '', code: 'other_login', title: '', status: 412, detail: '' }
  const { api, asked } = asking(() => Response.json(other, { status: 412 }), '', 'maud')
  const problem = await refused(api('GET /desk', {}))
  equal([asked[0]!.init.headers['Shopbell-Actor'], mayPass(problem!)], ['maud', true])
})

Deno.test('what is refused because the session has ended may be asked again in the next one', async () => {
  const ended = { type: '', code: 'unauthenticated', title: '', status: 401, detail: '' }
  const { api } = asking(() => Response.json(ended, { status: 401 }))
  equal(mayPass((await refused(api('GET /desk', {})))!), true)
})

Deno.test('an answer without a body is undefined', async () => {
  const { api } = asking(() => new Response(null, { status: 204 }))
  equal(await api('DELETE /session', {}), undefined)
})

Deno.test('a refusal is the problem the server gave', async () => {
  const held = {
    type: '',
    code: 'held_by_colleague',
    title: '',
    status: 409,
    detail: 'Ben has it.',
    holder: { id: 'b' },
  }
  const { api } = asking(() => Response.json(held, { status: 409 }))
  const problem = await refused(
    api('PUT /tickets/{ticket_id}/holder', { path: { ticket_id: 't' }, body: { staff_id: 'me' } }),
  )
  equal([problem!.code, problem!.holder!.id, mayPass(problem!)], ['held_by_colleague', 'b', false])
})

Deno.test('what is no answer of ours, or none at all, may be tried again', async () => {
  const strange = await refused(
    asking(() => new Response('<h1>Bad gateway', { status: 502 })).api('GET /desk', {}),
  )
  equal([strange!.status, strange!.code, mayPass(strange!)], [502, 'unexpected', true])
  const none = await refused(asking(() => Promise.reject(new TypeError('offline'))).api('GET /desk', {}))
  equal([none!.status, none!.code, mayPass(none!)], [0, 'no_answer', true])
})

Deno.test('whoever ends a request themselves is told just that', async () => {
  const end = new AbortController()
  end.abort()
  const { api } = asking(() => Promise.reject(new DOMException('ended', 'AbortError')))
  equal(await api('GET /desk', {}, end.signal).catch((error) => error.name), 'AbortError')
})
