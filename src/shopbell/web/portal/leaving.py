"""Out of the portal, or over to another business of one's login."""

from litestar import post
from litestar.response import Redirect

from shopbell.kernel.http import Body, Given, Id
from shopbell.signin import cookies
from shopbell.signin.actors import Side
from shopbell.staff import registering
from shopbell.tickets import leaving
from shopbell.web.portal.entering import SIGN_IN
from shopbell.web.portal.visits import Visit
from shopbell.web.texts import gettext as _


class SignOut(Body, frozen=True):
    """Nothing but the form's token."""


class Switch(Body, frozen=True):
    business_id: Id


@post("/sign-out")
async def sign_out(visit: Given[Visit]) -> Redirect:
    """Ends this session, on this side."""
    await visit.form(SignOut)
    await visit.desk.do(visit.staff.business_id, leaving.sign_out, visit.staff)
    answer = visit.on_to(SIGN_IN, _("You are signed out."))
    answer.cookies.append(cookies.signed_out(visit.policy, Side.STAFF))
    return answer


@post("/portal/switch")
async def switch(visit: Given[Visit]) -> Redirect:
    """On to the first page of the other business."""
    chosen = (await visit.form(Switch)).checked()
    await visit.desk.do(None, registering.switch, visit.staff, chosen.business_id)
    return visit.on_to("/portal")


HANDLERS = [sign_out, switch]
