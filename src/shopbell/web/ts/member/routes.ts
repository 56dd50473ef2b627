/** The addresses of the member app, and what each of them shows. */

export type Route =
  | { name: 'sign-in' | 'sign-up' | 'forgotten'; to: string | null }
  | { name: 'chats' }
  | { name: 'chat'; id: string }
  | { name: 'find'; q: string }
  | { name: 'business'; key: string }
  | { name: 'you' }
  | { name: 'lost' }

const DOORS = new Set(['sign-in', 'sign-up', 'forgotten'])
const PUBLIC = new Set(['find', 'business', 'lost'])

/** The route at an address; `root` is the path of the app without a slash at its end, such as `/app`. */
export function routeAt(address: URL, root: string): Route {
  const path = address.pathname
  if (path !== root && !path.startsWith(root + '/')) return { name: 'lost' }
  const [first = '', second, ...more] = path.slice(root.length + 1).replace(/\/$/, '').split('/')
  if (more.length > 0) return { name: 'lost' }
  if (second !== undefined) return within(first, second)
  if (DOORS.has(first)) return { name: first as 'sign-in', to: inside(address.searchParams.get('to'), root) }
  if (first === '' || first === 'chats') return { name: 'chats' }
  if (first === 'find') return { name: 'find', q: address.searchParams.get('q') ?? '' }
  if (first === 'you') return { name: 'you' }
  return { name: 'lost' }
}

function within(first: string, second: string): Route {
  const key = decoded(second)
  if (key === null) return { name: 'lost' }
  if (first === 'chats') return { name: 'chat', id: key }
  if (first === 'b') return { name: 'business', key }
  return { name: 'lost' }
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

// Where to go after signing in comes from the address bar, so it may only lead to a page of this app.
function inside(to: string | null, root: string): string | null {
  if (to === null || !to.startsWith('/') || !URL.canParse(to, 'https://app.invalid')) return null
  const address = new URL(to, 'https://app.invalid')
  const ours = address.host === 'app.invalid' && address.pathname.startsWith(root + '/')
  return ours ? address.pathname + address.search : null
}

/** The address of a route, as a path from the root of the host. */
export function pathTo(route: Route, root: string): string {
  switch (route.name) {
    case 'sign-in':
    case 'sign-up':
    case 'forgotten':
      return `${root}/${route.name}` + (route.to ? '?' + new URLSearchParams({ to: route.to }) : '')
    case 'chat':
      return `${root}/chats/${encodeURIComponent(route.id)}`
    case 'find':
      return `${root}/find` + (route.q ? '?' + new URLSearchParams({ q: route.q }) : '')
    case 'business':
      return `${root}/b/${encodeURIComponent(route.key)}`
    case 'lost':
      return root
    default:
      return `${root}/${route.name}`
  }
}

/** Whether the route is a way in: sign up, sign in, a forgotten password. */
export function isDoor(route: Route): route is Extract<Route, { to: string | null }> {
  return DOORS.has(route.name)
}

/** Whether the route shows something to people who are not signed in. */
export function isPublic(route: Route): boolean {
  return isDoor(route) || PUBLIC.has(route.name)
}

/** Whether two routes show the same page, so that focus stays where it is between them. */
export function samePage(one: Route, other: Route): boolean {
  if (one.name === 'chat' && other.name === 'chat') return one.id === other.id
  if (one.name === 'business' && other.name === 'business') return one.key === other.key
  return one.name === other.name
}
