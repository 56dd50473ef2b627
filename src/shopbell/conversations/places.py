"""Whose a conversation is: it never changes, so it is looked up once and remembered."""

import msgspec

from shopbell.conversations import store
from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import NotFound
from shopbell.kernel.scope import HOUSE
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff

REMEMBERED = 50_000


class Place(msgspec.Struct, frozen=True):
    """The two sides of a conversation."""

    business_id: str
    person_id: str

    def is_of(self, actor: Person | Staff) -> bool:
        """Whether the actor stands on one of them."""
        if isinstance(actor, Staff):
            return actor.business_id == self.business_id
        return actor.id == self.person_id


class Places:
    """The places of conversations, so that a command can be queued under the right business."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._places: dict[str, Place] = {}

    def known(self, conversation_id: str) -> Place | None:
        return self._places.get(conversation_id)

    async def of(self, conversation_id: str) -> Place:
        """The place of a conversation. Raises NotFound for no conversation at all; rights are the caller's."""
        if found := self._places.get(conversation_id):
            return found
        if not ids.is_id(conversation_id):
            raise NotFound
        sides = await self._desk.read_for(HOUSE, store.sides, conversation_id)
        if sides is None:
            raise NotFound
        if len(self._places) >= REMEMBERED:
            del self._places[next(iter(self._places))]
        place = self._places[conversation_id] = Place(*sides)
        return place
