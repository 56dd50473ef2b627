"""What all conversations of one shop are made from: its staff, its hours, and the dialogues it has left."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec

from shopbell.demo.casting import Deck, cast
from shopbell.demo.content import ADVERTISEMENT, ENGLISH, Dialogue, FullName
from shopbell.demo.opening import Opening
from shopbell.demo.plan import Shop, StaffMember
from shopbell.demo.story import Pace, Setting, Story
from shopbell.kernel.clock import DAY

# No dialogue takes longer, closed days included: who leaves before that is not given it.
LONGEST = 16 * DAY
# How often somebody whose language is read in the shop writes in it.
OWN_LANGUAGE = 0.85


class Visitor(msgspec.Struct, frozen=True):
    """Somebody who writes to the shop, known by their e-mail."""

    email: str
    name: FullName


class Stage:
    """One shop and the chances taken there; `numbers` numbers the episodes of the whole town."""

    def __init__(
        self,
        shop: Shop,
        opening: Opening,
        staff: Sequence[StaffMember],
        dialogues: Sequence[Dialogue],
        *,
        now: int,
        numbers: Iterator[int],
        random: Random,
    ) -> None:
        suitable = [one for one in dialogues if one.trade in (None, shop.text.trade)]
        self.trade = shop.text.trade
        self.opening = opening
        self.staff = staff
        self.now = now
        self.random = random
        self._shop = shop
        self._numbers = numbers
        self._follow_ups = {before: one for one in suitable for before in one.follows}
        self._decks = {
            language: Deck([one for one in suitable if one.language == language], random)
            for language in sorted({one.language for one in suitable})
        }

    def dealt(self, visitor: Visitor, suits: Callable[[Dialogue], bool]) -> Dialogue:
        """The next dialogue that suits, in the visitor's own language where there is one of it."""
        language = visitor.name.language
        own = language in self._decks and (language == ADVERTISEMENT or self.random.random() < OWN_LANGUAGE)
        return self._decks[language if own else ENGLISH].deal(suits)

    def follow_up(self, dialogue: str) -> Dialogue | None:
        """What a customer may come back with after that dialogue."""
        return self._follow_ups.get(dialogue)

    def story(self, dialogue: Dialogue, visitor: Visitor, start: int, pace: Pace) -> Story:
        """The dialogue with this visitor, still to be told, played by those who work there all the while."""
        present = [one for one in self.staff if one.left_at is None or start + LONGEST < one.left_at]
        setting = Setting(
            visitor.name.first_name,
            self._shop.text.name,
            cast(dialogue, present, self.random),
            next(self._numbers),
        )
        return Story(dialogue, setting, self.random, start=start, pace=pace)
