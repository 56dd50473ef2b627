"""The Loop: joined and left by people, looked after by staff."""

from typing import Annotated, Literal

from litestar import Router, delete, get, put
from litestar.params import QueryParameter

from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Invalid
from shopbell.kernel.http import (
    DEFAULT_LIMIT,
    AfterQuery,
    Given,
    LimitQuery,
    Page,
    PathId,
    SearchQuery,
    checked_id,
)
from shopbell.loop import commands, queries
from shopbell.loop.queries import MemberCard, MemberItem, MembershipItem
from shopbell.signin.actors import Person
from shopbell.signin.security import PERSON, STAFF
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require

Sort = Annotated[Literal["newest", "name"] | None, QueryParameter()]


@put("/businesses/{business_id:str}/membership", status_code=204, summary="Join the Loop", security=PERSON)
async def join(desk: Given[Desk], person: Given[Person], business_id: PathId) -> None:
    await desk.do(checked_id(business_id), commands.join, person, business_id)


@delete("/businesses/{business_id:str}/membership", summary="Leave the Loop", security=PERSON)
async def leave(desk: Given[Desk], person: Given[Person], business_id: PathId) -> None:
    await desk.do(checked_id(business_id), commands.leave, person, business_id)


@get("/memberships", summary="The Loops one is in", security=PERSON)
async def memberships(
    desk: Given[Desk], person: Given[Person], limit: LimitQuery = DEFAULT_LIMIT, after: AfterQuery = None
) -> Page[MembershipItem]:
    return await desk.read(queries.memberships, person, limit=limit, after=after)


@get("/members", summary="Everyone in the Loop", security=STAFF)
async def members(
    desk: Given[Desk],
    staff: Given[Staff],
    q: SearchQuery = None,
    sort: Sort = None,
    limit: LimitQuery = DEFAULT_LIMIT,
    after: AfterQuery = None,
) -> Page[MemberItem]:
    """Who joined last comes first, or by name. A search, by the beginnings of words, has its own order."""
    require(staff.role, Right.READ_LOOP)
    if q is not None and sort is not None:
        raise Invalid("sort", "A search is ordered by the words it finds; leave sort out.")
    if q is not None:
        return await desk.read(queries.search_members, staff, q, limit=limit, after=after)
    if sort == "name":
        return await desk.read(queries.members_by_name, staff, limit=limit, after=after)
    return await desk.read(queries.newest_members, staff, limit=limit, after=after)


@get("/members/{person_id:str}", summary="A member, or a person who wrote", security=STAFF)
async def member(desk: Given[Desk], staff: Given[Staff], person_id: PathId) -> MemberCard:
    require(staff.role, Right.READ_LOOP)
    return await desk.read(queries.member, staff, checked_id(person_id))


@put("/members/{person_id:str}/block", status_code=204, summary="Let somebody write no more", security=STAFF)
async def block(desk: Given[Desk], staff: Given[Staff], person_id: PathId) -> None:
    await desk.do(staff.business_id, commands.block, staff, checked_id(person_id))


@delete("/members/{person_id:str}/block", status_code=204, summary="Let somebody write again", security=STAFF)
async def unblock(desk: Given[Desk], staff: Given[Staff], person_id: PathId) -> None:
    await desk.do(staff.business_id, commands.unblock, staff, checked_id(person_id))


router = Router(path="/", route_handlers=[join, leave, memberships, members, member, block, unblock])
