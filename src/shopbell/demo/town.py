"""The plan of the whole town, made from its files: the same for the same moment and seed."""

from collections.abc import Sequence
from itertools import count
from random import Random

from shopbell.demo import content, history, people, present
from shopbell.demo.content import ADVERTISEMENT, Employee, ShopText, TownText
from shopbell.demo.opening import Opening
from shopbell.demo.plan import Claimed, Conversation, Episode, Pull, Shop, StaffMember, Town
from shopbell.demo.stage import Stage, Visitor
from shopbell.kernel.clock import DAY, HOUR, MINUTE, SECOND
from shopbell.staff.rules import Right, may
from shopbell.tickets.rules import State

SEED = 1877
# People come to know the shops before the first of them writes.
LOOPS_OPENED = history.SPAN + 2 * DAY
SHOPS_OPENED = history.SPAN + 4 * DAY
CONVERSATIONS_OF_A_SHOP = 40
# Chances, each out of 1.
PULLED_BEFORE_CLAIMED = 0.6
SOMETHING_BEFORE = 0.3


def build(now: int, *, seed: int = SEED) -> Town:
    """The town as it stands at `now`, in microseconds since the epoch, and how it came to that."""
    random = Random(seed)
    text, names = content.town(), content.names()
    shops = [Shop(shop, now - SHOPS_OPENED + at * HOUR) for at, shop in enumerate(text.shop)]
    staff = _staff(shops, now)
    stages = _stages(text, shops, staff, now, random)
    guests = people.guests(names, stages, random)
    pairs = [_conversations(stage, guests[stage.trade], random) for stage in stages]
    conversations = [conversation for told, _ in pairs for conversation in told]
    joined = people.memberships(guests, conversations, now - LOOPS_OPENED, now, random)
    return Town(
        text=text,
        built_at=now,
        shops=tuple(shops),
        staff=tuple(staff),
        people=tuple(people.people(names, joined, conversations, random)),
        memberships=tuple(joined),
        conversations=tuple(conversations),
        pulls=tuple(pull for _, pulls in pairs for pull in pulls),
    )


def _staff(shops: Sequence[Shop], now: int) -> list[StaffMember]:
    everybody = [(shop, at, one) for shop in shops for at, one in enumerate(shop.text.staff)]
    return [
        StaffMember(
            shop=shop.text.trade,
            email=one.email or f"{content.plain(one.first_name, one.last_name)}@{_domain(shop.text)}",
            # A range kept free for fiction.
            mobile=f"+447700900{number:03}",
            person=one,
            added_at=shop.opened_at + at * MINUTE,
            left_at=_left_at(one, now),
        )
        for number, (shop, at, one) in enumerate(everybody)
    ]


def _domain(shop: ShopText) -> str:
    return shop.email.partition("@")[2]


def _left_at(one: Employee, now: int) -> int | None:
    return None if one.left_days_ago is None else now - one.left_days_ago * DAY


def _stages(
    text: TownText, shops: Sequence[Shop], staff: Sequence[StaffMember], now: int, random: Random
) -> list[Stage]:
    dialogues, numbers = content.dialogues(), count(1)
    return [
        Stage(
            shop.text,
            Opening(shop.text.hours, text.holiday, text.time_zone),
            [one for one in staff if one.shop == shop.text.trade],
            dialogues,
            now=now,
            numbers=numbers,
            random=random,
        )
        for shop in shops
    ]


def _conversations(stage: Stage, guests: Sequence[Visitor], random: Random) -> tuple[list[Conversation], list[Pull]]:
    """What the guests and the shop had to say, and who pulled what had come in."""
    pulled_at = stage.now - random.randrange(25 * MINUTE, HOUR)
    customers = [guest for guest in guests if guest.name.language != ADVERTISEMENT][:CONVERSATIONS_OF_A_SHOP]
    told = [
        _conversation(stage, visitor, state, pulled_at)
        for visitor, state in zip(customers, _states(len(customers), random), strict=True)
    ]
    told += [
        Conversation(stage.trade, guest.email, tuple(history.closed(stage, guest, 1, stage.now - DAY)))
        for guest in guests
        if guest.name.language == ADVERTISEMENT
    ]
    puller = random.choice([one for one in stage.staff if one.left_at is None and _works_on_tickets(one)])
    last = Pull(stage.trade, puller.email, pulled_at)
    return told, [*_pulls_before_claims(told, pulled_at, random), last]


def _works_on_tickets(one: StaffMember) -> bool:
    return may(one.person.role, Right.WRITE_TICKETS)


def _states(count: int, random: Random) -> list[State]:
    now = (
        [State.WAITING] * random.randint(2, 4)
        + [State.PULLED] * random.randint(1, 3)
        + [State.ASSIGNED] * random.randint(3, 6)
    )
    return random.sample(now + [State.CLOSED] * (count - len(now)), count)


def _conversation(stage: Stage, visitor: Visitor, state: State, pulled_at: int) -> Conversation:
    last = _present(stage, visitor, state, pulled_at)
    if last:
        wanted, until = int(stage.random.random() < SOMETHING_BEFORE), last.starts_at - HOUR
    else:
        wanted, until = stage.random.choices((1, 2, 3), (64, 27, 9))[0], stage.now - MINUTE
    over = history.closed(stage, visitor, wanted, until)
    return Conversation(stage.trade, visitor.email, (*over, last) if last else tuple(over))


def _present(stage: Stage, visitor: Visitor, state: State, pulled_at: int) -> Episode | None:
    match state:
        case State.WAITING:
            return present.waiting(stage, visitor, pulled_at)
        case State.PULLED:
            return present.pulled(stage, visitor, pulled_at)
        case State.ASSIGNED:
            return present.assigned(stage, visitor)
        case State.CLOSED:
            return None


def _pulls_before_claims(told: Sequence[Conversation], until: int, random: Random) -> list[Pull]:
    """Some tickets are pulled by who then claims them; the others are claimed while they wait."""
    pulls: list[Pull] = []
    for conversation in told:
        for episode in conversation.episodes:
            claim = _first_claim(episode)
            if claim and random.random() < PULLED_BEFORE_CLAIMED and claim.at < until:
                pulls.append(Pull(conversation.shop, claim.by, claim.at - SECOND // 2))
    return pulls


def _first_claim(episode: Episode) -> Claimed | None:
    return next((step for step in episode.steps if isinstance(step, Claimed)), None)
