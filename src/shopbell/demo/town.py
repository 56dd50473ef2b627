"""The plan of the whole town, from its files and a seed: the same for the same moment and seed."""

from collections.abc import Sequence
from itertools import count
from random import Random

from shopbell.demo import content, history, present
from shopbell.demo.content import ADVERTISEMENT, FullName, TownText, plain
from shopbell.demo.opening import Opening
from shopbell.demo.people import joined, signed_up, visitors
from shopbell.demo.plan import Conversation, Pull, Shop, StaffMember, Town
from shopbell.demo.stage import Stage, Visitor
from shopbell.kernel.clock import DAY, HOUR, MINUTE
from shopbell.staff.rules import Right, may
from shopbell.tickets.rules import State

SEED = 1877
# Before the first conversation, so that people can sign up in between.
OPENED = history.SPAN + 4 * DAY
VISITORS_OF_A_SHOP = 40
SHOPS_WITH_ADVERTISEMENT = 3


def build(now: int, *, seed: int = SEED) -> Town:
    """The plan of the town as it stands at `now`, in microseconds since the epoch."""
    random = Random(seed)
    text = content.town()
    names = content.names()
    shops = tuple(Shop(shop, now - OPENED + at * HOUR) for at, shop in enumerate(text.shop))
    staff = tuple(_staff(shops, now))
    stages = _stages(text, shops, staff, now, random)
    guests = visitors(names, stages, random)
    conversations: list[Conversation] = []
    pulls: list[Pull] = []
    for stage in stages.values():
        told, pull = _conversations(stage, guests[stage.trade][:VISITORS_OF_A_SHOP])
        conversations += told
        pulls.append(pull)
    memberships = joined(guests, conversations, now, random)
    return Town(
        text, now, shops, staff, signed_up(names, memberships, conversations, random),
        memberships, tuple(conversations), tuple(pulls),
    )  # fmt: skip
