"""Which business a conversation belongs to: it never changes, so it is looked up once and remembered."""

from shopbell.conversations import store
from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import NotFound

REMEMBERED = 50_000


class Places:
    """The businesses of conversations, so that a command can be queued under the right one.

    This says nothing about rights: the command itself decides who may see the conversation.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._businesses: dict[str, str] = {}

    def known(self, conversation_id: str) -> str | None:
        return self._businesses.get(conversation_id)

    async def business_of(self, conversation_id: str) -> str:
        """The id of the business. Raises NotFound for no conversation at all."""
        if found := self._businesses.get(conversation_id):
            return found
        if not ids.is_id(conversation_id):
            raise NotFound
        found = await self._desk.read(store.business_of, conversation_id)
        if found is None:
            raise NotFound
        if len(self._businesses) >= REMEMBERED:
            del self._businesses[next(iter(self._businesses))]
        self._businesses[conversation_id] = found
        return found
