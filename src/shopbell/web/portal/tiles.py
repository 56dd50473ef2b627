"""The figures at the top of the Dashboard, each with what it means beside the one before."""

import msgspec

from shopbell.dashboard.figures import LoopFigures
from shopbell.dashboard.queries import Dashboard
from shopbell.web.portal.words import number, said_span, span
from shopbell.web.texts import gettext as _
from shopbell.web.texts import ngettext

NONE_YET = [("–", "")]
FEW = 20


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """One figure in `parts` of number and unit; `change` stands out, and is `worse` or not."""

    label: str
    parts: list[tuple[str, str]]
    change: str = ""
    worse: bool = False
    rest: str = ""


def tiles(found: Dashboard) -> list[Tile]:
    """Those of the scope: an Agent's own have no Loop."""
    shown = [_new(found), _open(found), _first_reply(found), _feedback(found)]
    return [*shown, _loop(found.loop)] if found.loop else shown


def _new(found: Dashboard) -> Tile:
    new, before = found.tickets.new, found.tickets.new_before
    # A share of few says nothing.
    change = f"{100 * (new - before) / before:+.0f} %" if before >= FEW else f"{new - before:+}"
    label = _("New tickets") if found.scope == "business" else _("Your new tickets")
    # More customers or fewer is neither good nor bad, so it is not coloured as if it were worse.
    rest = _than_before(found) if before else _first_time(found)
    return Tile(label=label, parts=[(number(new), "")], change=change.replace("-", "−") if before else "", rest=rest)


def _than_before(found: Dashboard) -> str:
    days = len(found.days)
    return ngettext("on yesterday by this time", "on the %(num)s days before, by this time", days) % {"num": days}


def _first_time(found: Dashboard) -> str:
    return _("none in the time before") if found.tickets.new else ""


def _open(found: Dashboard) -> Tile:
    unheld = found.tickets.unheld
    held_by_nobody = ngettext("%(num)s held by nobody", "%(num)s held by nobody", unheld) % {"num": number(unheld)}
    said = held_by_nobody if unheld else _("nobody waits for an agent")
    label = _("Open now") if found.scope == "business" else _("You hold")
    return Tile(label=label, parts=[(number(found.tickets.open), "")], rest=said)


def _first_reply(found: Dashboard) -> Tile:
    reply = found.first_reply
    label = _("First reply, median")
    if reply.median_seconds is None or reply.p90_seconds is None:
        return Tile(label=label, parts=NONE_YET, rest=_("no reply in this time"))
    rest = _("9 of 10 within %(time)s") % {"time": said_span(max(reply.p90_seconds, 1))}
    if reply.median_seconds_before is None or reply.median_seconds_before == reply.median_seconds:
        return Tile(label=label, parts=span(reply.median_seconds), rest=rest)
    slower = reply.median_seconds > reply.median_seconds_before
    words = _("%(time)s slower;") if slower else _("%(time)s faster;")
    change = words % {"time": said_span(abs(reply.median_seconds - reply.median_seconds_before))}
    return Tile(label=label, parts=span(reply.median_seconds), change=change, worse=slower, rest=rest)


def _feedback(found: Dashboard) -> Tile:
    feedback = found.feedback
    label = _("Feedback")
    if feedback.average is None:
        return Tile(label=label, parts=NONE_YET, rest=_("nobody answered yet"))
    rest = ngettext("%(num)s answer", "%(num)s answers", feedback.count) % {"num": number(feedback.count)}
    return Tile(label=label, parts=[(f"{feedback.average:.1f}", _("of 5"))], rest=rest)


def _loop(loop: LoopFigures) -> Tile:
    joined = f"+{number(loop.joined)}" if loop.joined else ""
    words = _("joined, %(left)s left") if loop.joined else _("nobody joined, %(left)s left")
    rest = words % {"left": number(loop.left)} if loop.joined or loop.left else _("nobody joined or left")
    return Tile(label=_("Your Loop"), parts=[(number(loop.members), "")], change=joined, rest=rest)
