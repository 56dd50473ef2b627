"""Where the portal's bar leads, in its order, and which role may go there."""

from collections.abc import Iterable

import msgspec

from shopbell.staff.rules import Right, Role, may
from shopbell.web.texts import gettext as _


class Destination(msgspec.Struct, frozen=True):
    """A place in the bar. One with `below` opens a menu; `later` says what an unbuilt one will do."""

    key: str
    name: str
    icon: str
    path: str = ""
    right: Right | None = None
    below: tuple["Destination", ...] = ()
    later: tuple[str, str] | None = None


CHAT_SUPPORT = Destination("chat-support", _("Chat Support"), "chat", "/console", Right.READ_TICKETS)
SETTINGS = Destination(
    "business-settings", _("Business Settings"), "store", "/portal/business-settings", Right.READ_PROFILE,
    later=(
        _("What customers see of your business will be changed here: name, description, opening hours and pictures."),
        _("Until then programs can change it, over the API."),
    ),
)  # fmt: skip
USERS = Destination("users", _("Users"), "users", "/portal/users", Right.READ_STAFF)

BAR = (
    CHAT_SUPPORT,
    Destination("chat-automation", _("Chat Automation"), "bolt", below=(
        Destination(
            "canned-responses", _("Canned Responses"), "slash", "/portal/canned-responses",
            Right.READ_CANNED_RESPONSES, later=(
                _("Answers your team gives often will be kept here, to be put into a chat by typing a slash."),
                _("Until then every answer is typed in Chat Support."),
            ),
        ),
        Destination(
            "grow-your-loop", _("Grow your Loop"), "qr", "/portal/grow-your-loop", Right.READ_PITCH, later=(
                _("A link, a QR code and a sign for your counter will stand here, by which customers join your Loop."),
                _("Until then they find your business by its name in the app, and join there."),
            ),
        ),
        Destination(
            "why-join-my-loop", _("Why Join my Loop"), "heart", "/portal/why-join-my-loop", Right.READ_PITCH, later=(
                _("What members get from your Loop will be written here, for customers to read before they join."),
                _("Until then your description tells them."),
            ),
        ),
    )),
    Destination("offers", _("Offers"), "offer", "/portal/offers", Right.READ_OFFERS, later=(
        _("Discounts that customers claim in the app and redeem in your shop will be made here."),
        _("Until then tell customers about them in a chat."),
    )),
    Destination("chat-blast", _("Chat Blast"), "blast", "/portal/chat-blast", Right.READ_BLASTS, later=(
        _("One message to your whole Loop, or to the members near your shop, will be sent from here."),
        _("Until then you can start a chat with one member at a time."),
    )),
    Destination("my-loop", _("My Loop"), "loop", "/portal/my-loop", Right.READ_LOOP, later=(
        _("Your members will be listed here, with what you know of each."),
        _("Until then the Dashboard counts them, and Chat Support shows who writes."),
    )),
    Destination("account-settings", _("Account Settings"), "user", "/portal/account-settings", later=(
        _("Your own name, password, notifications and payment card will be looked after here."),
        _("Until then a new password can be had by “Forgotten it?” on the sign-in page."),
    )),
    SETTINGS,
)  # fmt: skip


def allowed(role: Role, destinations: Iterable[Destination] = BAR) -> list[Destination]:
    """Those the role may go to; a menu without anything in it is left out."""
    found = []
    for each in destinations:
        if each.below:
            each = msgspec.structs.replace(each, below=tuple(allowed(role, each.below)))  # noqa: PLW2901
        if (each.below or each.path) and (each.right is None or may(role, each.right)):
            found.append(each)
    return found


def unbuilt(destinations: Iterable[Destination] = BAR) -> list[Destination]:
    """Those that have only a page that says what they will be."""
    return [found for each in destinations for found in (unbuilt(each.below) if each.below else [each]) if found.later]
