/** The service worker: lets the app open without a connection. It keeps the shell and its assets, and no data. */

const CACHE = 'shopbell-shell'
const PATIENCE_MS = 4000

// The types of a worker and of a page cannot stand in one project; this is all we need of them.
interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Fetching extends Extendable {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface WorkerScope extends EventTarget {
  readonly registration: { readonly scope: string }
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

const worker = globalThis as unknown as WorkerScope

worker.addEventListener('install', (event) => (event as Extendable).waitUntil(install()))
worker.addEventListener('activate', (event) => (event as Extendable).waitUntil(worker.clients.claim()))
worker.addEventListener('fetch', (event) => {
  const fetching = event as Fetching
  const { request } = fetching
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return
  if (request.mode === 'navigate') fetching.respondWith(page(fetching))
  else if (isAsset(request.url)) fetching.respondWith(asset(request))
})

async function install(): Promise<void> {
  const shell = await fetch(shellKey(), { cache: 'no-cache' })
  if (!shell.ok) throw new Error(`The shell answered ${shell.status}.`)
  await keep(shell)
  await worker.skipWaiting()
}

/** The page from the network, and from what is kept if that takes too long or fails. */
async function page(event: Fetching): Promise<Response> {
  const fetched = fetch(event.request)
  event.waitUntil(fetched.then((found) => (isPage(found) ? keep(found.clone()) : undefined), () => undefined))
  const late = new Promise<undefined>((done) => setTimeout(done, PATIENCE_MS))
  const found = await Promise.race([fetched.catch(() => undefined), late])
  if (found) return found
  return (await caches.match(shellKey())) ?? fetched
}

// A file opened in a tab is a navigation too, and no shell.
function isPage(found: Response): boolean {
  return found.ok && (found.headers.get('content-type') ?? '').startsWith('text/html')
}

// The name of an asset changes with its content, so one that is kept is right for ever.
async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const found = await fetch(request)
  if (found.ok) await (await caches.open(CACHE)).put(request, found.clone())
  return found
}

/** Keep the shell with all assets it names, then let go of those it does not. */
async function keep(shell: Response): Promise<void> {
  const cache = await caches.open(CACHE)
  const wanted = new Set(assetsIn(await shell.clone().text()))
  for (const url of wanted) if (!(await cache.match(url))) await cache.add(url)
  await cache.put(shellKey(), shell)
  for (const { url } of await cache.keys()) {
    if (url !== shellKey() && !wanted.has(url)) await cache.delete(url)
  }
}

function assetsIn(page: string): readonly string[] {
  const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) =>
    new URL(found[1] ?? '', shellKey()).href
  )
  return named.filter(isAsset)
}

function isAsset(url: string): boolean {
  return new URL(url).pathname.includes('/assets/')
}

function shellKey(): string {
  return worker.registration.scope
}
