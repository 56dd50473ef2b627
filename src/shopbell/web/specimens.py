"""One of each component in each of its states, with the values it is drawn from, by the server and by the browser."""

from typing import Any

import msgspec


class Specimen(msgspec.Struct, frozen=True):
    """`component` is the macro's name; `options` are what both macro and function take by name."""

    component: str
    state: str
    options: dict[str, Any]


LONG = "Wilhelmina Featherstonehaugh-Cholmondeley of the Upper Merrowmouth Ironmongers"
OUTCOMES = [{"value": "resolved", "label": "Resolved"}, {"value": "abandoned", "label": "Abandoned"}]
KINDS = ("primary", "plain", "quiet", "danger")
ROLES = [{"value": "owner", "label": "Owner"}, {"value": "agent", "label": "Agent"}]
ITEMS = [
    {"label": "Transfer", "icon": "swap", "value": "transfer"},
    {"label": "Profile", "icon": "user", "href": "#profile"},
]


def _several(component: str, states: dict[str, dict[str, Any]]) -> list[Specimen]:
    return [Specimen(component, state, options) for state, options in states.items()]


SPECIMENS: list[Specimen] = [
    *_several("mark", {kind or "plain": {"kind": kind} for kind in ("", "ringing", "quiet", "bare")}),
    *_several("icon", {
        "plain": {"name": "clip"}, "small": {"name": "check", "size": "s"}, "large": {"name": "star", "size": "l"},
        "solid": {"name": "star", "solid": True}, "turns": {"name": "left"},
    }),
    *_several("counter", {
        "some": {"count": 3, "label": "3 customers waiting"}, "most": {"count": 99}, "more": {"count": 100},
        "risen": {"count": 12, "fresh": True}, "none": {"count": 0},
    }),
    *_several("count", {"some": {"many": 5, "label": "5 messages"}, "thousands": {"many": 1204},
    "none": {"many": 0}}),
    *_several("chip", {
        "plain": {"label": "Abandoned", "icon": "x"}, "accent": {"label": "Just pulled", "kind": "accent"},
        "good": {"label": "Resolved", "kind": "good", "icon": "check"}, "warn": {"label": "Stopped", "kind": "warn"},
        "bad": {"label": "Failed", "kind": "bad"}, "brass": {"label": "Follow-up", "kind": "brass", "icon": "undo"},
        "outline": {"label": "Mine", "kind": "outline"}, "pressed": {"label": "Mine", "pressed": True},
        "not pressed": {"label": "Mine", "pressed": False},
    }),
    *_several("dot", {kind: {"kind": kind, "label": "Unread"} for kind in ("accent", "good", "warn")}),
    *_several("priority", {level: {"level": level} for level in ("high", "medium", "low")}),
    Specimen("priority", "none", {"level": None}),
    *_several("stars", {"four": {"value": 4}, "nearly five": {"value": 4.7}, "none": {"value": 0}}),
    *_several("avatar", {
        "plain": {"name": "Amara Okafor"}, "one word": {"name": "Nell"}, "no letters": {"name": "!?"},
        "right to left": {"name": "أمل حداد"}, "seeded": {"name": "Amara Okafor", "seed": "7"},
        "online": {"name": "Ben Sato", "online": True},
        "business": {"name": "Hazel & Rye", "square": True, "size": "l"},
        **{size: {"name": "Ruth Ames", "size": size} for size in ("xs", "s", "l", "xl")},
    }),
    *_several("button", {
        **{kind: {"label": kind.title(), "kind": kind} for kind in KINDS},
        **{f"{kind}, disabled": {"label": kind.title(), "kind": kind, "disabled": True} for kind in KINDS},
        "busy": {"label": "Send", "kind": "primary", "busy": "Sending…"},
        "icon": {"label": "Transfer", "icon": "swap"},
        "small": {"label": "Make the first", "kind": "primary", "size": "small"},
        "large": {"label": "Sign in", "kind": "primary", "size": "large", "type": "submit"},
        "wide": {"label": "Sign in", "kind": "primary", "wide": True},
        "counted": {"label": "Pull Ticket", "kind": "primary", "count": 3, "counted": "3 customers waiting"},
        "link": {"label": "Dashboard", "href": "#dashboard"}, "pressed": {"label": "On duty", "pressed": True},
        "opens": {"label": "Filter", "icon": "filter", "expanded": False, "keys": "f"},
        "named": {"label": "Save", "type": "submit", "name": "act", "value": "save", "id": "save"},
        "long": {"label": LONG},
    }),
    *_several("icon_button", {
        "plain": {"label": "Attach a file", "icon": "clip"},
        "small": {"label": "Close", "icon": "x", "size": "small"},
        "counted": {"label": "Chat Support", "icon": "chat", "count": 120, "counted": "120 customers waiting"},
        "link": {"label": "Back", "icon": "left", "href": "#back"},
        "disabled": {"label": "Send", "icon": "send", "disabled": True},
        "pressed": {"label": "Details", "icon": "panel", "pressed": True},
    }),
    *_several("field", {
        "plain": {"name": "mobile", "label": "Mobile", "value": "+1 617", "autocomplete": "tel", "type": "tel"},
        "hint": {"name": "shop", "label": "Shop", "hint": "As customers see it.", "maxlength": 120},
        "wrong": {"name": "amount", "label": "Amount", "value": "115", "error": "At most 100.", "inputmode": "numeric"},
        "wrong with hint": {"name": "amount2", "label": "Amount", "error": "At most 100 %.", "hint": "In per cent."},
        "optional": {"name": "line", "label": "Line", "optional": True},
        "disabled": {"name": "off", "label": "Off", "disabled": True},
        "several lines": {"name": "about", "label": "About", "rows": 3, "value": "<b>Rye</b>\n& more", "hint": "Text"},
        "from a list": {"name": "role", "label": "Role", "options": ROLES, "value": "agent"},
        "password": {"name": "word", "label": "Password", "type": "password", "autocomplete": "current-password"},
    }),
    *_several("choice", {
        "chosen": {"name": "out", "value": "r", "title": "Resolved", "line": "She has all she wanted", "checked": True},
        "plain": {"name": "out", "value": "a", "title": "Abandoned", "line": "The conversation went quiet"},
        "disabled": {"name": "out", "value": "d", "title": "Not now", "disabled": True},
        "several": {"name": "many", "value": "m", "title": "Mail me", "type": "checkbox"},
    }),
    *_several("segments", {
        "radios": {"label": "Outcome", "name": "seg", "current": "resolved", "items": OUTCOMES},
        "links": {"label": "Period", "name": "", "current": "day", "items": [
            {"value": "day", "label": "Today", "href": "#day", "count": 4},
            {"value": "week", "label": "Week", "href": "#week"},
        ]},
    }),
    *_several("switch", {
        "on": {"name": "duty", "label": "On duty", "checked": True}, "off": {"name": "duty2", "label": "On duty"},
        "disabled": {"name": "duty3", "label": "On duty", "disabled": True},
    }),
    *_several("rate", {
        "none": {"label": "How was it?", "name": "r0"}, "four": {"label": "How was it?", "name": "r4", "value": 4},
    }),
    *_several("card", {
        "plain": {"title": "Buttons", "body": "What is inside."}, "no title": {"body": "What is inside."},
        "whole": {"title": "Users", "line": "Who works here", "level": 3, "body": "Three.", "foot": "All of them"},
    }),
    *_several("list", {"rows": {"rows": [
        {"title": "Amara Okafor", "line": "Is the rye still warm?", "end": "9:15"},
        {"title": LONG, "line": LONG, "href": "#row"}, {"title": "أمل حداد"},
    ]}}),
    *_several("table", {"figures": {
        "label": "Today", "columns": [{"label": "Name"}, {"label": "Tickets", "figures": True}],
        "rows": [["Nora", 12], [LONG, 1204]],
    }}),
    *_several("menu", {
        "words": {"label": "Loop", "items": ITEMS, "icon": "loop"},
        "bare": {"label": "More", "items": ITEMS, "icon": "more", "bare": True},
    }),
    *_several("dialog", {"decision": {
        "id": "d1", "title": "Close ticket #1042", "line": "How did it end?", "body": "An outcome.",
        "actions": "Keep open",
    }}),
    *_several("toast", {
        "plain": {"text": "Ticket #1042 closed as Resolved"},
        "undo": {"text": "Ben has this ticket. You can read along.", "icon": "user", "action": "Take over"},
    }),
    *_several("empty", {
        "plain": {"title": "No offers yet", "line": "Offers give people a reason to come in today."},
        "good": {"title": "Nothing waiting", "still": True, "level": 3},
    }),
    *_several("banner", {
        "warn": {"text": "Reconnecting. What you write is kept.", "icon": "lost"},
        "bad": {"text": "Microphone is blocked. Allow it in the address bar.", "kind": "bad"},
        "good": {"text": "Back again.", "kind": "good"},
        "info": {"text": "Your shop is not in the directory yet.", "kind": "info"},
    }),
    *_several("bones", {"faces": {"rows": 2}, "plain": {"rows": 1, "faces": False}}),
]  # fmt: skip
