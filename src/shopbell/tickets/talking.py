"""The thread over HTTP: said, withdrawn, read, received, and what a customer thinks of it."""

from typing import Annotated

from litestar import Response, Router, delete, post, put
from msgspec import Meta

from shopbell.conversations.items import Attachments
from shopbell.conversations.places import Places
from shopbell.kernel.desk import Desk
from shopbell.kernel.http import Body, Given, JSONBody, Nonce, PathId, Seq, Text, TextOrNone, checked_id
from shopbell.kernel.rates import Rates
from shopbell.signin.actors import Person
from shopbell.signin.security import ANYONE, PERSON
from shopbell.staff.actors import Staff
from shopbell.tickets import commands, posting, queries, thread
from shopbell.tickets.answers import SENT_AGAIN, SentItem, sent


class NewMessage(Body, frozen=True):
    nonce: Nonce
    text: TextOrNone
    attachments: Attachments = ()


class Mark(Body, frozen=True):
    seq: Seq


class NewFeedback(Body, frozen=True):
    rating: Annotated[int, Meta(ge=1, le=5)]
    comment: Text | None = None


@post(
    "/conversations/{conversation_id:str}/messages",
    summary="Say something",
    security=ANYONE,
    responses=SENT_AGAIN,
)
async def post_message(
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    places: Given[Places],
    rates: Given[Rates],
    conversation_id: PathId,
    data: JSONBody[NewMessage],
) -> Response[SentItem]:
    """The same nonce and body again answer 200 as the first time; the same nonce with another body is 422."""
    rates.check(anyone.id)
    business_id = await place(places, anyone, conversation_id)
    post = posting.Post(anyone, conversation_id, data.nonce, data.text, data.attachments)
    return sent(await desk.one_of(business_id, posting.post, post))


async def place(places: Places, anyone: Person | Staff, conversation_id: str) -> str:
    """The business whose stream a command on the conversation moves."""
    if isinstance(anyone, Staff):
        checked_id(conversation_id)
        return anyone.business_id
    return (await places.of(conversation_id)).business_id


@delete(
    "/conversations/{conversation_id:str}/messages/{message_id:str}",
    summary="Take a message back",
    security=ANYONE,
)
async def withdraw(
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    places: Given[Places],
    conversation_id: PathId,
    message_id: PathId,
) -> None:
    business_id = await place(places, anyone, conversation_id)
    await desk.do(business_id, thread.withdraw, anyone, conversation_id, message_id)


@put("/conversations/{conversation_id:str}/read", status_code=204, summary="Read up to here", security=ANYONE)
async def mark_read(
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    places: Given[Places],
    conversation_id: PathId,
    data: JSONBody[Mark],
) -> None:
    """For staff, only the holder's screen moves the mark."""
    business_id = await place(places, anyone, conversation_id)
    await desk.do(business_id, thread.mark_read, anyone, conversation_id, data.seq)


@put(
    "/conversations/{conversation_id:str}/delivered",
    status_code=204,
    summary="Received up to here",
    security=ANYONE,
)
async def mark_delivered(
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    places: Given[Places],
    conversation_id: PathId,
    data: JSONBody[Mark],
) -> None:
    business_id = await place(places, anyone, conversation_id)
    await desk.do(business_id, thread.mark_delivered, anyone, conversation_id, data.seq)


@put("/tickets/{ticket_id:str}/feedback", status_code=204, summary="What one thinks of it", security=PERSON)
async def give_feedback(
    desk: Given[Desk], person: Given[Person], ticket_id: PathId, data: JSONBody[NewFeedback]
) -> None:
    """Once for each closure."""
    business_id = await desk.read(queries.business_of_own, person, checked_id(ticket_id))
    await desk.do(business_id, commands.give_feedback, person, business_id, ticket_id, data.rating, data.comment)


router = Router(path="/", route_handlers=[post_message, withdraw, mark_read, mark_delivered, give_feedback])
