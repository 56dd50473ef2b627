import { isPublic, pathTo, type Route, routeAt, samePage } from './routes.ts'

const ROOT = '/shop/app'

function at(path: string): Route {
  return routeAt(new URL(path, 'https://shop.example'), ROOT)
}

function equal(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`)
  }
}

Deno.test('every route comes back from its own address', () => {
  const routes: Route[] = [
    { name: 'sign-in', to: null },
    { name: 'sign-up', to: '/shop/app/b/hazel-rye' },
    { name: 'forgotten', to: null },
    { name: 'chats' },
    { name: 'chat', id: '01a2' },
    { name: 'find', q: '' },
    { name: 'find', q: 'bread & butter?' },
    { name: 'business', key: 'hazel/rye 100 %' },
    { name: 'you' },
  ]
  for (const route of routes) equal(at(pathTo(route, ROOT)), route)
})

Deno.test('the root and a slash at the end show the chats', () => {
  for (const path of ['/shop/app', '/shop/app/', '/shop/app/chats/']) equal(at(path), { name: 'chats' })
})

Deno.test('addresses that mean nothing are lost', () => {
  const strange = ['/', '/shop/apple', '/shop/app/x', '/shop/app/b/a/c', '/shop/app/b/%ff', '/shop/app/you/1']
  for (const path of strange) equal(at(path), { name: 'lost' })
})

Deno.test('after signing in one goes nowhere but into the app', () => {
  const away = [
    '//[',
    'https://evil.example/shop/app/chats',
    '//evil.example/shop/app/chats',
    '/\\evil.example/shop/app/chats',
    '/shop/app/../portal',
    '/portal',
    'javascript:alert(1)',
  ]
  for (const to of away) {
    equal(at('/shop/app/sign-in?' + new URLSearchParams({ to })), { name: 'sign-in', to: null })
  }
})

Deno.test('who is not signed in may look around, not read', () => {
  equal([at('/shop/app/find'), at('/shop/app/b/x'), at('/shop/app/sign-up')].map(isPublic), [
    true,
    true,
    true,
  ])
  equal([at('/shop/app/chats'), at('/shop/app/chats/1'), at('/shop/app/you')].map(isPublic), [
    false,
    false,
    false,
  ])
})

Deno.test('another search is the same page, another chat is not', () => {
  equal(samePage({ name: 'find', q: 'a' }, { name: 'find', q: 'b' }), true)
  equal(samePage({ name: 'chat', id: 'a' }, { name: 'chat', id: 'b' }), false)
})
