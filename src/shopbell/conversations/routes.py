"""Conversations: opened by either side, listed for people, read page by page."""

import msgspec
from litestar import Response, Router, get, post
from litestar.openapi.datastructures import ResponseSpec

from shopbell.conversations import commands, queries
from shopbell.conversations.queries import ConversationPage, MessagePage
from shopbell.conversations.rules import Conversation
from shopbell.kernel.desk import Desk
from shopbell.kernel.http import (
    DEFAULT_LIMIT,
    AfterQuery,
    Given,
    LimitQuery,
    PathId,
    SeqQuery,
    checked_id,
)
from shopbell.signin.actors import Person
from shopbell.signin.security import ANYONE, PERSON, STAFF
from shopbell.staff.actors import Staff


class Opened(msgspec.Struct, frozen=True):
    id: str
    business_id: str


FOUND = {200: ResponseSpec(Opened, description="It was there already.")}


def opened(found: tuple[Conversation, bool]) -> Response[Opened]:
    conversation, is_new = found
    return Response(Opened(conversation.id, conversation.business_id), status_code=201 if is_new else 200)


@post(
    "/businesses/{business_id:str}/conversation",
    summary="The person's one conversation with a business, opened if need be",
    security=PERSON,
    responses=FOUND,
)
async def open_as_person(desk: Given[Desk], person: Given[Person], business_id: PathId) -> Response[Opened]:
    business_id = checked_id(business_id)
    return opened(await desk.do(business_id, commands.open_as_person, person, business_id))


@post(
    "/members/{person_id:str}/conversation",
    summary="The conversation with a member, or with a person who wrote before",
    security=STAFF,
    responses=FOUND,
)
async def open_as_staff(desk: Given[Desk], staff: Given[Staff], person_id: PathId) -> Response[Opened]:
    return opened(await desk.do(staff.business_id, commands.open_as_staff, staff, checked_id(person_id)))


@get("/conversations", summary="The person's conversations, newest message first", security=PERSON)
async def conversations(
    desk: Given[Desk], person: Given[Person], limit: LimitQuery = DEFAULT_LIMIT, after: AfterQuery = None
) -> ConversationPage:
    return await desk.read(queries.conversations, person, limit=limit, after=after)


@get("/conversations/{conversation_id:str}/messages", summary="A page of the thread", security=ANYONE)
async def messages(
    desk: Given[Desk],
    anyone: Given[Person | Staff],
    conversation_id: PathId,
    limit: LimitQuery = DEFAULT_LIMIT,
    before: SeqQuery = None,
    after: SeqQuery = None,
) -> MessagePage:
    """Ascending by `seq`; without `before` and `after`, the newest page."""
    conversation_id = checked_id(conversation_id)
    return await desk.read(queries.page, anyone, conversation_id, limit=limit, before=before, after=after)


router = Router(path="/", route_handlers=[open_as_person, open_as_staff, conversations, messages])
