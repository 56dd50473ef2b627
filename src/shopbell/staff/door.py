"""The door: every request and socket is told here who it is, staff or person, or is turned away."""

from collections.abc import Collection
from functools import partial
from typing import Any, TypeVar

import msgspec

from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Forbidden, OtherLogin, Unauthenticated
from shopbell.kernel.gathering import Gathered
from shopbell.kernel.http import SAFE_METHODS, ApiRequest
from shopbell.kernel.scope import HOUSE
from shopbell.signin import commands, cookies
from shopbell.signin.actors import Person, Session, Side
from shopbell.signin.answers import check_origin
from shopbell.signin.policy import Policy
from shopbell.signin.rules import SEEN_EVERY
from shopbell.signin.signals import SessionsEnded
from shopbell.staff import entrance
from shopbell.staff.actors import Staff
from shopbell.staff.changes import Changes
from shopbell.staff.signals import StaffChanged

REMEMBERED = 20_000
LONGEST_TOKEN = 200
ACTOR_HEADER = "Shopbell-Actor"

Actor = TypeVar("Actor", Staff, Person)
T = TypeVar("T")


class Known(msgspec.Struct):
    """Somebody let in before, until their session ends or what is known of them changes."""

    actor: Staff | Person
    session: Session


class Door:
    """One per process, on the desk's event loop.

    Where this process alone writes, it remembers whom it let in: every change comes by as a signal before
    the command that made it is answered, so what is remembered is exact. Elsewhere it asks the database.
    """

    def __init__(self, desk: Desk, policy: Policy) -> None:
        self._desk = desk
        self._policy = policy
        self._remembers = not desk.database.locks_rows
        self._who = Gathered(desk, HOUSE, entrance.who)
        self._known: dict[str, Known] = {}
        # When each session was last written down as in use, as far as this process knows, on either engine.
        self._seen: dict[str, int] = {}
        self._changes = Changes()
        desk.hear_signal(SessionsEnded, self._forget_sessions)
        desk.hear_signal(StaffChanged, self._forget_staff)

    async def staff(self, request: ApiRequest) -> Staff:
        """The staff member who asks. Raises Unauthenticated, Malformed (which side?), Forbidden (person)."""
        return _of_side(await self.anyone(request), Staff)

    async def person(self, request: ApiRequest) -> Person:
        """The person who asks. Raises Unauthenticated, Malformed (which side?), Forbidden (staff)."""
        return _of_side(await self.anyone(request), Person)

    async def anyone(self, request: ApiRequest) -> Staff | Person:
        """Whoever asks, by bearer token or else by cookie; changes by cookie must come from our own pages.

        Raises OtherLogin when that is not who the request says it speaks for.
        """
        actor = await self._signed_in(request)
        expect(actor, request.headers.get(ACTOR_HEADER))
        return actor

    async def by_token(self, token: str, side: Side | None = None) -> Staff | Person:
        """Whose token it is. Raises Unauthenticated, and Forbidden when that is not of the wanted side."""
        if not 0 < len(token) <= LONGEST_TOKEN:
            raise Unauthenticated
        actor = await self._by_key(ids.hashed(token))
        if side is not None and side != side_of(actor):
            raise _wrong_side(actor)
        return actor

    async def by_cookies(self, header: str, side: Side | None) -> Staff | Person:
        """Whose session a `Cookie` header carries, on the given side; the caller has to check the origin."""
        found = cookies.session_cookie(self._policy, header, side)
        if found is None:
            raise Unauthenticated
        return await self.by_token(found[1], found[0])

    def used(self, session: str) -> None:
        """Keep a session awake, by its key, that speaks on a socket."""
        self._used(session, self._seen.get(session, 0))

    async def ended(self, acting: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the sessions, each given with who acts in it, in which that one may act no more."""
        sessions = sorted({session for session, _ in acting})
        may_act = await self._desk.read_for(HOUSE, entrance.acting, sessions, self._desk.clock())
        return [(session, actor_id) for session, actor_id in acting if may_act.get(session) != actor_id]

    async def _signed_in(self, request: ApiRequest) -> Staff | Person:
        authorization = request.headers.get("authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() != "bearer":
                raise Unauthenticated("Send Authorization: Bearer and the token.")
            return await self.by_token(token.strip())
        side = cookies.named_side(request.headers.get(cookies.SIDE_HEADER) or request.query_params.get("side"))
        actor = await self.by_cookies(request.headers.get("cookie", ""), side)
        if request.method not in SAFE_METHODS:
            check_origin(request, self._policy)
        return actor

    async def _by_key(self, key: str) -> Staff | Person:
        known = self._known.get(key)
        if known is None or known.session.expires_at <= self._desk.clock():
            known = await self._looked_up(key)
        self._used(key, max(known.session.seen_at, self._seen.get(key, 0)))
        return known.actor

    async def _looked_up(self, key: str) -> Known:
        while True:
            before = self._changes.count
            found = await self._who.ask((key, self._desk.clock()))
            # What was read while they signed out may be of before, and a socket that it lets in has missed its end.
            if not self._changes.hit((key, found[0].id) if found else (key,), since=before):
                break
        if found is None:
            self._known.pop(key, None)
            raise Unauthenticated
        known = Known(*found)
        if self._remembers:
            _remember(self._known, key, known)
        return known

    def _used(self, key: str, seen_at: int) -> None:
        """Write down that the session is in use, unless it was lately."""
        now = self._desk.clock()
        if now - seen_at >= SEEN_EVERY:
            seen_at = now
            self._desk.send(None, commands.seen, key, done=partial(self._woken, key))
        _remember(self._seen, key, seen_at)

    def _woken(self, key: str, session: Session | Exception | None) -> None:
        # A failure costs nothing: what is remembered keeps its old end, and in a few minutes it is tried again.
        if isinstance(session, Session) and key in self._known:
            self._known[key].session = session

    def _forget_sessions(self, ended: SessionsEnded) -> None:
        self._changes.note(ended.sessions)
        for key in ended.sessions:
            self._known.pop(key, None)
            self._seen.pop(key, None)

    def _forget_staff(self, changed: StaffChanged) -> None:
        self._changes.note([changed.staff_id])
        stale = [key for key, known in self._known.items() if known.actor.id == changed.staff_id]
        for key in stale:
            del self._known[key]


def expect(actor: Staff | Person, actor_id: str | None) -> None:
    """Raises OtherLogin unless it is that staff member or person; None is whoever it may be.

    A browser has one cookie for each side and many tabs, so a page that says nothing acts for whoever signed in last.
    """
    if actor_id is not None and actor_id != actor.id:
        raise OtherLogin


def _remember(remembered: dict[str, T], key: str, value: T) -> None:
    """Keep it, and in its place forget what has been kept the longest."""
    if key not in remembered and len(remembered) >= REMEMBERED:
        del remembered[next(iter(remembered))]
    remembered[key] = value


def side_of(actor: Staff | Person) -> Side:
    return Side.STAFF if isinstance(actor, Staff) else Side.PERSON


def _of_side(actor: Any, wanted: type[Actor]) -> Actor:
    if not isinstance(actor, wanted):
        raise _wrong_side(actor)
    return actor


def _wrong_side(actor: Staff | Person) -> Forbidden:
    return Forbidden(f"You are signed in as {side_of(actor)}, and this is for the other side.", code="wrong_side")
