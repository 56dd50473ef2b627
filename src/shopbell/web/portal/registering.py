"""Opening a shop: a business with its first Owner."""

from functools import cache
from zoneinfo import available_timezones

from litestar import get, post
from litestar.response import Redirect

from shopbell.businesses.rules import TimeZone
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.kernel.http import ApiRequest, Body, BusinessName, Email, Given, Name, Password
from shopbell.kernel.scope import HOUSE
from shopbell.signin.passwords import Passwords
from shopbell.signin.policy import Policy
from shopbell.signin.throttle import Throttle
from shopbell.staff.entering import NewBusiness, Owner, open_business
from shopbell.staff.registering import is_still_open
from shopbell.web import forms
from shopbell.web.forms import Form
from shopbell.web.pages import Page
from shopbell.web.portal.entering import open_page, signed_in
from shopbell.web.texts import gettext as _

# The parts of the world; what else the database has are old names and zones of no place.
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class NewShop(Body, frozen=True):
    name: BusinessName
    time_zone: TimeZone
    first_name: Name
    last_name: Name
    email: Email
    password: Password


@cache
def zones() -> dict[str, list[str]]:
    """Every time zone of a place, by part of the world."""
    names = sorted(available_timezones())
    return {area: [name for name in names if name.startswith(f"{area}/")] for area in AREAS}


@get("/register")
async def register_page(request: ApiRequest, desk: Given[Desk], policy: Given[Policy]) -> Page:
    """Where no further business is taken, the page says so instead of having a form filled in vain."""
    if not policy.registration_open and not await desk.read_for(HOUSE, is_still_open):
        return open_page(request, policy, "portal/register_closed.html", status=403)
    return _register(request, policy, forms.blank(NewShop))


def _register(request: ApiRequest, policy: Policy, form: Form[NewShop]) -> Page:
    return open_page(request, policy, "portal/register.html", form=form, zones=zones())


@post("/register")
async def register(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
) -> Page | Redirect:
    form = await forms.read(request, policy, NewShop)
    try:
        new = form.checked()
        owner = Owner(new.first_name, new.last_name, new.email, new.password)
        founded = NewBusiness(new.name, new.time_zone, owner)
        token, _business, _staff = await open_business(request, desk, passwords, throttle, policy, founded)
    except Refusal as refusal:
        if refusal.code == "registration_closed":
            return open_page(request, policy, "portal/register_closed.html", status=refusal.status)
        return _register(request, policy, form.refused(refusal, beside={"email_taken": "email"}))
    return signed_in(request, policy, token, "/portal", _("Your shop is open. Here is what to do first."))


HANDLERS = [register_page, register]
