"""Who visits which shop, who is in its Loop, and when they signed up."""

from collections.abc import Sequence
from random import Random

from shopbell.demo.content import ADVERTISEMENT, FullName
from shopbell.demo.plan import Conversation, Membership, Person, StaffSaid
from shopbell.demo.stage import Stage, Visitor
from shopbell.kernel.clock import DAY, HOUR, MINUTE
from shopbell.tickets.rules import State

MAIL_HOSTS = ("example.com", "example.net", "example.org")
SHOPS_WITH_ADVERTISEMENTS = 3
# Chances, each out of 1.
GOES_WHERE_UNDERSTOOD = 0.6
NEVER_JOINS = 0.12
JOINS_AFTERWARDS = 0.15
LEAVES = 0.05

Guests = dict[str, list[Visitor]]


def guests(names: Sequence[FullName], stages: Sequence[Stage], random: Random) -> Guests:
    """By trade who visits the shop; first those who can write in their own language there."""
    everybody = [Visitor(_email(name, at), name) for at, name in enumerate(names)]
    by_trade: Guests = {stage.trade: [] for stage in stages}
    for visitor in random.sample(everybody, len(everybody)):
        for stage in _visited(visitor, stages, random):
            by_trade[stage.trade].append(visitor)
    for stage in stages:
        by_trade[stage.trade].sort(key=lambda visitor: not stage.has_dialogues_in(visitor.name.language))
    return by_trade


def memberships(
    guests: Guests, conversations: Sequence[Conversation], earliest: int, now: int, random: Random
) -> list[Membership]:
    """Who is in which Loop since when: everybody in one at least, but those who only advertise."""
    spoken = {(one.shop, one.email): one for one in conversations}
    in_some: set[str] = set()
    joined: list[Membership] = []
    for trade, visitors in guests.items():
        for visitor in visitors:
            conversation = spoken.get((trade, visitor.email))
            if visitor.name.language == ADVERTISEMENT:
                continue
            may_stay_out = conversation and _wrote_first(conversation) and visitor.email in in_some
            if may_stay_out and random.random() < NEVER_JOINS:
                continue
            in_some.add(visitor.email)
            joined.append(_membership(trade, visitor.email, conversation, earliest, now, random))
    return joined


def people(
    names: Sequence[FullName],
    memberships: Sequence[Membership],
    conversations: Sequence[Conversation],
    random: Random,
) -> list[Person]:
    """Everybody, signed up shortly before the first thing they did."""
    first: dict[str, int] = {}
    for email, at in (
        *((one.email, one.joined_at) for one in memberships),
        *((one.email, one.episodes[0].starts_at) for one in conversations),
    ):
        first[email] = min(at, first.get(email, at))
    return [
        Person(email, name.first_name, name.last_name, first[email] - random.randrange(MINUTE, 9 * MINUTE))
        for email, name in ((_email(name, at), name) for at, name in enumerate(names))
    ]


def _email(name: FullName, at: int) -> str:
    return f"{name.mail_name}@{MAIL_HOSTS[at % len(MAIL_HOSTS)]}"


def _visited(visitor: Visitor, stages: Sequence[Stage], random: Random) -> list[Stage]:
    if visitor.name.language == ADVERTISEMENT:
        return random.sample(stages, SHOPS_WITH_ADVERTISEMENTS)
    count = random.choices((1, 2, 3, 4), (20, 45, 25, 10))[0]
    visited = [
        stage
        for stage in stages
        if stage.has_dialogues_in(visitor.name.language) and random.random() < GOES_WHERE_UNDERSTOOD
    ]
    others = [stage for stage in stages if stage not in visited]
    return visited + random.sample(others, max(count - len(visited), 0))


def _wrote_first(conversation: Conversation) -> bool:
    """Whether the person may be no member: a shop writes first only to its members."""
    return not any(isinstance(episode.steps[0], StaffSaid) for episode in conversation.episodes)


def _membership(
    trade: str, email: str, conversation: Conversation | None, earliest: int, now: int, random: Random
) -> Membership:
    if conversation is None:
        joined_at = random.randrange(earliest, now - HOUR)
        return Membership(trade, email, joined_at, _left(joined_at, now, random))
    first, last = conversation.episodes[0], conversation.episodes[-1]
    if first.state is State.CLOSED and _wrote_first(conversation) and random.random() < JOINS_AFTERWARDS:
        joined_at = min(first.ends_at + random.randrange(MINUTE, HOUR), now - MINUTE)
    elif random.random() < 0.5:
        joined_at = first.starts_at - random.randrange(2 * MINUTE, HOUR)
    else:
        joined_at = random.randrange(earliest, first.starts_at - HOUR)
    left_at = _left(max(joined_at, last.ends_at), now, random) if last.state is State.CLOSED else None
    return Membership(trade, email, joined_at, left_at)


def _left(after: int, now: int, random: Random) -> int | None:
    if now - after < 2 * DAY or random.random() >= LEAVES:
        return None
    return random.randrange(after + HOUR, now - HOUR)
