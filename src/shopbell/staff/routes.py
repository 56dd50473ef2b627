"""Who works here and what they may do, and the profile they keep."""

from typing import Annotated

from litestar import Router, get, post, put
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from shopbell.businesses.rules import Business, Holiday, Hours, TimeZone
from shopbell.kernel.desk import Desk
from shopbell.kernel.http import (
    DEFAULT_LIMIT,
    AfterQuery,
    Body,
    BusinessName,
    Email,
    Given,
    LimitQuery,
    Name,
    Page,
    PathId,
    checked_id,
)
from shopbell.kernel.http.fields import NO_NUL
from shopbell.signin.actors import Person
from shopbell.signin.routes import Accepted
from shopbell.signin.rules import check_email
from shopbell.signin.security import ANYONE, STAFF
from shopbell.staff import commands, profile, queries
from shopbell.staff.actors import Staff
from shopbell.staff.commands import Newcomer
from shopbell.staff.entering import register, sign_in, switch
from shopbell.staff.items import StaffItem, full
from shopbell.staff.queries import BusinessProfile, PersonMe, StaffMe
from shopbell.staff.rules import Right, Role, require

Phone = Annotated[str, Meta(max_length=40, pattern=r"^\+?[0-9][0-9 ()./-]*$(?!\n)")]
Line = Annotated[str, Meta(max_length=200, pattern=NO_NUL)]
Paragraphs = Annotated[str, Meta(max_length=8_000, pattern=NO_NUL)]
# Only addresses a browser opens as a page, never a script.
Website = Annotated[str, Meta(max_length=500, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$(?!\n)")]


class NewStaff(Body, frozen=True):
    role: Role
    first_name: Name
    last_name: Name
    email: Email
    mobile: Phone | None = None


class ProfileChanges(Body, frozen=True, kw_only=True):
    """What is left out stays; null empties a field. Position in degrees (WGS 84)."""

    name: BusinessName | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    category: Line | UnsetType | None = UNSET
    description: Paragraphs | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    website: Website | UnsetType | None = UNSET
    street: Line | UnsetType | None = UNSET
    postcode: Line | UnsetType | None = UNSET
    city: Line | UnsetType | None = UNSET
    country: Line | UnsetType | None = UNSET
    latitude: Annotated[float, Meta(ge=-90, le=90)] | UnsetType | None = UNSET
    longitude: Annotated[float, Meta(ge=-180, le=180)] | UnsetType | None = UNSET
    hours: Hours | UnsetType | None = UNSET
    holidays: Annotated[list[Holiday], Meta(max_length=100)] | UnsetType | None = UNSET


@get("/me", summary="Who asks, and what they may do", security=ANYONE)
async def me(desk: Given[Desk], anyone: Given[Staff | Person]) -> StaffMe | PersonMe:
    return await desk.read(queries.me, anyone)


@get("/staff", summary="Who works here", security=STAFF)
async def team(
    desk: Given[Desk], staff: Given[Staff], limit: LimitQuery = DEFAULT_LIMIT, after: AfterQuery = None
) -> Page[StaffItem]:
    """E-mail addresses, and who is no longer active, are for Owners and Managers."""
    return await desk.read(queries.team, staff, limit=limit, after=after)


@post("/staff", summary="Take somebody on", security=STAFF)
async def add(desk: Given[Desk], staff: Given[Staff], data: JSONBody[NewStaff]) -> StaffItem:
    """A login with this e-mail address is used as it is; else one is made, as yet without a password."""
    require(staff.role, Right.WRITE_STAFF)
    check_email(data.email, "email")
    newcomer = Newcomer(data.role, data.first_name, data.last_name, data.email, data.mobile)
    return full(await desk.do(staff.business_id, commands.add, staff, newcomer))


@post("/staff/{staff_id:str}/invitation", status_code=202, summary="Mail a link for a password", security=STAFF)
async def invite(desk: Given[Desk], staff: Given[Staff], staff_id: PathId) -> Accepted:
    await desk.do(staff.business_id, commands.invite, staff, checked_id(staff_id))
    return Accepted()


@get("/business", summary="The profile of one's business", security=STAFF)
async def own_profile(desk: Given[Desk], staff: Given[Staff]) -> BusinessProfile:
    require(staff.role, Right.READ_PROFILE)
    return await desk.read(queries.own_profile, staff)


@put("/business", summary="Change the profile", security=STAFF)
async def change_profile(desk: Given[Desk], staff: Given[Staff], data: JSONBody[ProfileChanges]) -> Business:
    require(staff.role, Right.UPDATE_PROFILE)
    if isinstance(data.email, str):
        check_email(data.email, "email")
    return await desk.do(staff.business_id, profile.change_profile, staff, data)


router = Router(
    path="/", route_handlers=[register, sign_in, switch, me, team, add, invite, own_profile, change_profile]
)
