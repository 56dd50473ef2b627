"""Who of a shop plays a dialogue, and which dialogue is played next."""

from collections.abc import Callable, Sequence
from random import Random

import msgspec

from shopbell.demo.content import ADVERTISEMENT, ENGLISH, Dialogue
from shopbell.demo.plan import StaffMember
from shopbell.staff.rules import Right, Role, may

NEEDS_TWO = frozenset({"k", "transfer", "takeover", "release", "block"})
# A shop's own dialogues come up more often than those that any shop may have.
OWN, ANYWHERE = 2, 1


class Cast(msgspec.Struct, frozen=True):
    """Who answers, and the Owner or Manager who steps in where the dialogue wants a second one."""

    holder: StaffMember
    lead: StaffMember


def cast(dialogue: Dialogue, staff: Sequence[StaffMember], random: Random) -> Cast:
    """Who plays the dialogue, of those who read its language. Raises ValueError when nobody can."""
    able = [one for one in staff if may(one.person.role, Right.WRITE_TICKETS) and reads(one, dialogue.language)]
    leads = [one for one in staff if one.person.role in (Role.OWNER, Role.MANAGER)]
    lead = random.choice([one for one in leads if one in able] or leads)
    needs_two = any(line.verb in NEEDS_TWO for line in dialogue.lines)
    holders = [one for one in able if not needs_two or one != lead]
    if not holders:
        raise ValueError(f"{dialogue.id}: nobody in the shop can answer this")
    weights = [3 if one.person.role == Role.AGENT else 1 for one in holders]
    return Cast(random.choices(holders, weights)[0], lead)


def reads(one: StaffMember, language: str) -> bool:
    return language in (ENGLISH, ADVERTISEMENT, *one.person.speaks)


class Deck:
    """The dialogues of a shop in one language, dealt without repeating one before all have been dealt."""

    def __init__(self, dialogues: Sequence[Dialogue], random: Random) -> None:
        self._cards = [
            dialogue
            for dialogue in dialogues
            if not dialogue.follows
            for _ in range(OWN if dialogue.trade else ANYWHERE)
        ]
        self._random = random
        self._pile: list[Dialogue] = []

    def deal(self, suits: Callable[[Dialogue], bool]) -> Dialogue | None:
        """The next dialogue that suits, or None when none of the deck does."""
        if not any(suits(dialogue) for dialogue in self._pile):
            self._pile += self._random.sample(self._cards, len(self._cards))
        for dialogue in self._pile:
            if suits(dialogue):
                self._pile.remove(dialogue)
                return dialogue
        return None
