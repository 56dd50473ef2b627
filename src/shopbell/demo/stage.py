"""What all conversations of one shop are made from: its staff, its hours, and the dialogues it has left."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec

from shopbell.demo.casting import Deck, cast
from shopbell.demo.content import ADVERTISEMENT, ENGLISH, Dialogue, FullName, ShopText
from shopbell.demo.opening import Opening
from shopbell.demo.plan import StaffMember
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
        shop: ShopText,
        opening: Opening,
        staff: Sequence[StaffMember],
        dialogues: Sequence[Dialogue],
        *,
        now: int,
        numbers: Iterator[int],
        random: Random,
    ) -> None:
        suitable = [one for one in dialogues if one.trade in (None, shop.trade)]
        self.trade = shop.trade
        self.opening = opening
        self.staff = staff
        self.now = now
        self.random = random
        self._shop = shop
        self._numbers = numbers
        self._follow_ups = [one for one in suitable if one.follows]
        self._decks = {
            language: Deck([one for one in suitable if one.language == language], random)
            for language in sorted({one.language for one in suitable})
        }

    def has_dialogues_in(self, language: str) -> bool:
        """Whether people may write in that language here, English aside."""
        return language in self._decks and language != ENGLISH

    def dealt(self, visitor: Visitor, suits: Callable[[Dialogue], bool]) -> Dialogue:
        """The next dialogue that suits, in the visitor's own language where there is one of it."""
        language = visitor.name.language
        dealt = self._decks[language].deal(suits) if self._prefers(language) else None
        dealt = dealt or self._decks[ENGLISH].deal(suits)
        if dealt is None:
            raise ValueError(f"{self.trade} has no dialogue that suits")
        return dealt

    def _prefers(self, language: str) -> bool:
        if language == ADVERTISEMENT:
            return True
        return self.has_dialogues_in(language) and self.random.random() < OWN_LANGUAGE

    def follow_up(self, dialogue: str) -> Dialogue | None:
        """Something that a customer may come back with after that dialogue, if there is anything."""
        possible = [one for one in self._follow_ups if dialogue in one.follows]
        return self.random.choice(possible) if possible else None

    def story(self, dialogue: Dialogue, visitor: Visitor, start: int, pace: Pace) -> Story:
        """The dialogue with this visitor, still to be told, played by those who work there all the while."""
        present = [one for one in self.staff if one.left_at is None or start + LONGEST < one.left_at]
        setting = Setting(
            visitor.name.first_name,
            self._shop.name,
            cast(dialogue, present, self.random),
            next(self._numbers),
        )
        return Story(dialogue, setting, self.random, start=start, pace=pace)
