"""Users: who works here, taking somebody on, and changing what they may do."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from litestar import get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from shopbell.kernel.database import Snapshot
from shopbell.kernel.http import Body, Email, Given, Name, PathId, checked_id
from shopbell.signin.rules import check_email
from shopbell.staff import commands, queries
from shopbell.staff.commands import Newcomer
from shopbell.staff.routes import Phone
from shopbell.staff.rules import Right, Role, may
from shopbell.tickets import leaving
from shopbell.web import forms
from shopbell.web.forms import Form
from shopbell.web.pages import Page
from shopbell.web.portal import rights, words
from shopbell.web.portal.visits import Visit
from shopbell.web.texts import gettext as _

USERS = "/portal/users"
HERE = "users"
ON_A_PAGE = 50

AfterQuery = Annotated[str | None, QueryParameter(name="after")]


class NewUser(Body, frozen=True):
    role: Role
    first_name: Name
    last_name: Name
    email: Email
    mobile: Phone | None = None

    REMEDIES: ClassVar[dict[str, str]] = {"mobile": _("Write a telephone number, such as +358 40 123 4567.")}


class NewRole(Body, frozen=True):
    role: Role


class Standing(StrEnum):
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class NewStanding(Body, frozen=True):
    standing: Standing


class Invitation(Body, frozen=True):
    """Nothing but the form's token."""


@get(USERS)
async def users_page(visit: Given[Visit], after: AfterQuery = None) -> Page:
    visit.require(Right.READ_STAFF)
    return await visit.show(
        "portal/users.html", here=HERE, query=lambda read: _team(read, visit, after), is_first=after is None,
        grid=rights.GRID, roles=rights.ROLES, may_write=may(visit.staff.role, Right.WRITE_STAFF),
    )  # fmt: skip


def _team(read: Snapshot, visit: Visit, after: str | None) -> dict[str, Any]:
    team = queries.team(read, visit.staff, limit=ON_A_PAGE, after=after)
    invited = queries.without_password(read, visit.staff.business_id, [one.id for one in team.items])
    return {"team": team, "invited": invited}


@get(f"{USERS}/new")
async def new_user_page(visit: Given[Visit]) -> Page:
    visit.require(Right.WRITE_STAFF)
    return await _new_user(visit, forms.blank(NewUser, role=Role.AGENT))


async def _new_user(visit: Visit, form: Form[NewUser]) -> Page:
    return await visit.show("portal/new_user.html", here=HERE, form=form, roles=rights.ROLES)


@post(f"{USERS}/new")
async def add_user(visit: Given[Visit]) -> Page | Redirect:
    """On to the newcomer's page, from which the link for a password is mailed."""
    form = await visit.form(NewUser)
    visit.require(Right.WRITE_STAFF)

    async def add(new: NewUser) -> Redirect:
        check_email(new.email, "email")
        newcomer = Newcomer(new.role, new.first_name, new.last_name, new.email, new.mobile)
        added = (await visit.desk.do(visit.staff.business_id, commands.add, visit.staff, newcomer)).staff
        said = _("%(name)s is on your team. Now send the e-mail by which they choose a password.")
        return visit.on_to(f"{USERS}/{added.id}", said % {"name": words.isolated(added.full_name)})

    return await visit.done(form, add, lambda refused: _new_user(visit, refused), {"already_staff": "email"})


@get(f"{USERS}/{{staff_id:str}}")
async def user_page(visit: Given[Visit], staff_id: PathId) -> Page:
    return await _user(visit, staff_id)


async def _user(visit: Visit, staff_id: str, refused: Form[Any] | None = None) -> Page:
    checked_id(staff_id)
    return await visit.show(
        "portal/user.html", here=HERE, form=refused,
        roles=rights.ROLES, may_write=may(visit.staff.role, Right.WRITE_STAFF),
        query=lambda read: _one(read, visit, staff_id),
    )  # fmt: skip


def _one(read: Snapshot, visit: Visit, staff_id: str) -> dict[str, Any]:
    one = queries.colleague(read, visit.staff, staff_id)
    return {"one": one, "invited": bool(queries.without_password(read, visit.staff.business_id, [one.id]))}


@post(f"{USERS}/{{staff_id:str}}/role")
async def change_role(visit: Given[Visit], staff_id: PathId) -> Page | Redirect:
    async def change(asked: NewRole) -> Redirect:
        name = await _changed(visit, staff_id, asked.role, None)
        said = _("The role of %(name)s is now %(role)s.")
        return visit.on_to(f"{USERS}/{staff_id}", said % {"name": name, "role": rights.name_of(asked.role)})

    form = await visit.form(NewRole)
    return await visit.done(form, change, lambda refused: _user(visit, staff_id, refused), {"last_owner": "role"})


@post(f"{USERS}/{{staff_id:str}}/standing")
async def change_standing(visit: Given[Visit], staff_id: PathId) -> Page | Redirect:
    async def change(asked: NewStanding) -> Redirect:
        active = asked.standing == Standing.ACTIVE
        name = await _changed(visit, staff_id, None, active)
        said = _("%(name)s may work here again.") if active else _("%(name)s can't sign in here any more.")
        return visit.on_to(f"{USERS}/{staff_id}", said % {"name": name})

    form = await visit.form(NewStanding)
    beside = {"last_owner": "standing"}
    return await visit.done(form, change, lambda refused: _user(visit, staff_id, refused), beside)


async def _changed(visit: Visit, staff_id: str, role: Role | None, active: bool | None) -> str:
    """Change a colleague; their name, to be put into a sentence."""
    staff, id_ = visit.staff, checked_id(staff_id)
    changed = await visit.desk.do(staff.business_id, leaving.change_staff, staff, id_, role, active)
    return words.isolated(changed.staff.full_name)


@post(f"{USERS}/{{staff_id:str}}/invitation")
async def invite(visit: Given[Visit], staff_id: PathId) -> Page | Redirect:
    """The Password Reset Email, for who is new and for who forgot; it may be sent again."""

    async def send(_asked: Invitation) -> Redirect:
        await visit.desk.do(visit.staff.business_id, commands.invite, visit.staff, checked_id(staff_id))
        return visit.on_to(f"{USERS}/{staff_id}", _("The e-mail is on its way. Its link holds for 24 hours."))

    form = await visit.form(Invitation)
    return await visit.done(form, send, lambda refused: _user(visit, staff_id, refused))


HANDLERS = [users_page, new_user_page, add_user, user_page, change_role, change_standing, invite]
