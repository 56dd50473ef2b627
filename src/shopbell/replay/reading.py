"""What is stored, read back page by page after the play."""

from collections.abc import AsyncIterator

from shopbell.replay import wire
from shopbell.replay.rest import Rest

PAGE = 100

Query = dict[str, str | int]


async def thread_backwards(rest: Rest, conversation_id: str, token: str) -> list[wire.Message]:
    """The whole thread, asked for from the newest page to the oldest; in the order of the items."""
    pages: list[list[wire.Message]] = []
    before: Query = {}
    while True:
        page = await _messages(rest, conversation_id, token, before)
        pages.append(page.items)
        if page.next is None:
            return [message for items in reversed(pages) for message in items]
        before = {"before": page.next}


async def thread_forwards(rest: Rest, conversation_id: str, token: str) -> list[wire.Message]:
    """The whole thread, asked for from the oldest page to the newest."""
    messages: list[wire.Message] = []
    after: str | int | None = 0
    while after is not None:
        page = await _messages(rest, conversation_id, token, {"after": after})
        messages += page.items
        after = page.next
    return messages


async def _messages(rest: Rest, conversation_id: str, token: str, where: Query) -> wire.Page[wire.Message]:
    path = f"/conversations/{conversation_id}/messages"
    return await rest.ask(wire.Page[wire.Message], "GET", path, token=token, query={"limit": PAGE, **where})


async def tickets(rest: Rest, token: str, state: str) -> AsyncIterator[wire.Ticket]:
    """The tickets in one state, the last updated first."""
    after: Query = {}
    while True:
        query: Query = {"state": state, "limit": PAGE, **after}
        page = await rest.ask(wire.Page[wire.Ticket], "GET", "/tickets", token=token, query=query)
        for ticket in page.items:
            yield ticket
        if page.next is None:
            return
        after = {"after": page.next}


async def unread(rest: Rest, conversation_id: str, token: str) -> int:
    """A person's own count of what they have not read in a conversation; -1 where it isn't listed."""
    listed = await rest.ask(wire.Conversations, "GET", "/conversations", token=token)
    return next((item.unread for item in listed.items if item.id == conversation_id), -1)
