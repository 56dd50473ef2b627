"""State and one event in, the state after it out: what a screen does with the stream, over the contract's JSON.

A state is what the screens fetch, by id: nothing here knows more than a client does. An event at or before the
state's position changes nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

Json = dict[str, Any]
Fold = Callable[[Json, Json], Json]

LINE_CHARACTERS = 140
MARKS = {"person_read": 0, "person_delivered": 0, "staff_read": 0, "staff_delivered": 0}


def for_staff(state: Json, frame: Json) -> Json:
    """`{"seq", "desk", "tickets", "threads", "marks", "notes", "history", "members"}` after the event."""
    return _folded(state, frame, STAFF)


def for_person(state: Json, frame: Json) -> Json:
    """`{"seq", "conversations", "threads", "marks", "memberships"}` after the event."""
    return _folded(state, frame, PERSON)


def _folded(state: Json, frame: Json, folds: dict[str, Fold]) -> Json:
    if frame["seq"] <= state["seq"]:
        return state
    return {**folds[frame["name"]](state, frame), "seq": frame["seq"]}


def put(state: Json, kind: str, key: str, value: Any) -> Json:
    """The state with one thing of that kind replaced or added."""
    return {**state, kind: {**state[kind], key: value}}


def drop(state: Json, kind: str, key: str) -> Json:
    return {**state, kind: {k: v for k, v in state[kind].items() if k != key}}


def change(state: Json, kind: str, key: str, **fields: Any) -> Json:
    return put(state, kind, key, {**state[kind][key], **fields})


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def said(message: Json) -> str:
    """The message as the panel shows it: its text, or else what its attachments are called."""
    return line(message["text"] or ", ".join(attached["name"] for attached in message["attachments"]))


def line(text: str) -> str:
    """The text as the panel shows it."""
    return " ".join(text[: 4 * LINE_CHARACTERS].split())[:LINE_CHARACTERS]


# Threads, which both sides have


def _message_added(state: Json, frame: Json) -> Json:
    message = frame["body"]
    thread = state["threads"].get(message["conversation_id"], {})
    return put(state, "threads", message["conversation_id"], {**thread, message["seq"]: message})


def _message_emptied(state: Json, frame: Json) -> Json:
    gone = frame["body"]
    thread = state["threads"][gone["conversation_id"]]
    return put(state, "threads", gone["conversation_id"], {**thread, gone["seq"]: emptied(thread[gone["seq"]], gone)})


def emptied(message: Json, gone: Json) -> Json:
    return {**message, "text": "", "attachments": [], "withdrawn_at": gone["withdrawn_at"]}


def _marked(state: Json, frame: Json) -> Json:
    body = frame["body"]
    what = {"messages_read": "read", "messages_delivered": "delivered"}[frame["name"]]
    marks = state["marks"].get(body["conversation_id"], MARKS)
    return put(state, "marks", body["conversation_id"], {**marks, f"{body['side']}_{what}": body["seq"]})


def _nothing(state: Json, frame: Json) -> Json:
    return state


# What staff see


def _staff_heard_message(state: Json, frame: Json) -> Json:
    message = frame["body"]
    state = _message_added(state, frame)
    if message["kind"] == "feedback_request":
        return state
    ticket = state["tickets"][message["ticket_id"]]
    theirs = message["author"]["side"] == "person"
    return change(
        state, "tickets", ticket["id"],
        messages=ticket["messages"] + theirs, unread=ticket["unread"] + theirs, last_line=said(message),
        last_seq=message["seq"], updated_at=message["created_at"], updated_seq=message["seq"],
    )  # fmt: skip


def _staff_heard_withdrawal(state: Json, frame: Json) -> Json:
    gone = frame["body"]
    state = _message_emptied(state, frame)
    for ticket in state["tickets"].values():
        if (ticket["conversation_id"], ticket["last_seq"]) == (gone["conversation_id"], gone["seq"]):
            state = change(state, "tickets", ticket["id"], last_line="")
    for ticket_id, happened in state["history"].items():
        state = put(state, "history", ticket_id, [_unquoted(event, gone) for event in happened])
    return state


def _unquoted(event: Json, gone: Json) -> Json:
    """What happened to a ticket, without the line it had then if that is withdrawn."""
    body = event["body"]
    if (body["conversation_id"], body["last_seq"]) != (gone["conversation_id"], gone["seq"]):
        return event
    return {**event, "body": {**body, "last_line": ""}}


def _staff_heard_reading(state: Json, frame: Json) -> Json:
    state = _marked(state, frame)
    for ticket in frame["body"].get("tickets", []):
        state = change(state, "tickets", ticket["id"], unread=ticket["unread"])
    return state


def _ticket_changed(state: Json, frame: Json) -> Json:
    """Every `ticket_*` event carries the whole ticket, and who did it."""
    return _ticket_now(state, frame, {k: v for k, v in frame["body"].items() if k != "by"}, frame["body"])


def _tickets_pulled(state: Json, frame: Json) -> Json:
    for ticket in frame["body"]["tickets"]:
        state = _ticket_now(state, frame, ticket, ticket)
    return state


def _ticket_now(state: Json, frame: Json, ticket: Json, told: Json) -> Json:
    known = state["tickets"].get(ticket["id"], {"feedback": []})
    state = put(state, "tickets", ticket["id"], {**known, **ticket})
    happened = {"name": frame["name"], "at": frame["at"], "by": frame["body"]["by"], "body": told}
    return put(state, "history", ticket["id"], [*state["history"].get(ticket["id"], []), happened])


def _note_added(state: Json, frame: Json) -> Json:
    note = frame["body"]
    state = put(state, "notes", note["ticket_id"], [*state["notes"].get(note["ticket_id"], []), note])
    return change(
        state, "tickets", note["ticket_id"], updated_at=note["created_at"], updated_seq=note["seq"]
    )  # fmt: skip


def _counted(state: Json, frame: Json) -> Json:
    return {**state, "desk": frame["body"]}


def _ticket_rated(state: Json, frame: Json) -> Json:
    body = frame["body"]
    feedback = {"rating": body["rating"], "comment": body["comment"], "at": frame["at"]}
    before = state["tickets"][body["ticket_id"]]["feedback"]
    return change(state, "tickets", body["ticket_id"], feedback=[feedback, *before])


def _member_joined(state: Json, frame: Json) -> Json:
    person = frame["body"]["person"]
    member = {**person, "joined_at": frame["body"]["joined_at"], "blocked": False}
    return put(state, "members", person["id"], member)


def _member_left(state: Json, frame: Json) -> Json:
    return drop(state, "members", frame["body"]["person"]["id"])


def _member_barred(state: Json, frame: Json) -> Json:
    person_id = frame["body"]["person"]["id"]
    if person_id not in state["members"]:
        return state
    return change(state, "members", person_id, blocked=frame["name"] == "member_blocked")


STAFF: dict[str, Fold] = {
    "message_posted": _staff_heard_message,
    "message_withdrawn": _staff_heard_withdrawal,
    "messages_read": _staff_heard_reading,
    "messages_delivered": _marked,
    "ticket_opened": _ticket_changed,
    "tickets_pulled": _tickets_pulled,
    "ticket_assigned": _ticket_changed,
    "ticket_released": _ticket_changed,
    "ticket_prioritised": _ticket_changed,
    "ticket_closed": _ticket_changed,
    "ticket_reopened": _ticket_changed,
    "note_posted": _note_added,
    "waiting_changed": _counted,
    "feedback_given": _ticket_rated,
    "member_joined": _member_joined,
    "member_left": _member_left,
    "member_blocked": _member_barred,
    "member_unblocked": _member_barred,
    "staff_added": _nothing,
    "staff_changed": _nothing,
    "profile_changed": _nothing,
}

# What a person sees


def _conversation_opened(state: Json, frame: Json) -> Json:
    new = {**frame["body"], "last_message": None, "unread": 0, "feedback_due": None}
    return put(state, "conversations", new["id"], new)


def _person_heard_message(state: Json, frame: Json) -> Json:
    message = frame["body"]
    state = _message_added(state, frame)
    told = message["author"]["side"] != "person" and message["kind"] != "feedback_request"
    unread = state["conversations"][message["conversation_id"]]["unread"] + told
    return change(state, "conversations", message["conversation_id"], last_message=message, unread=unread)


def _person_heard_withdrawal(state: Json, frame: Json) -> Json:
    gone = frame["body"]
    state = _message_emptied(state, frame)
    last = state["conversations"][gone["conversation_id"]]["last_message"]
    if last["seq"] != gone["seq"]:
        return state
    return change(state, "conversations", gone["conversation_id"], last_message=emptied(last, gone))


def _person_heard_reading(state: Json, frame: Json) -> Json:
    body = frame["body"]
    state = _marked(state, frame)
    if body["side"] != "person":
        return state
    return change(state, "conversations", body["conversation_id"], unread=body["unread"])


def _with_business(state: Json, frame: Json) -> Json:
    """The person's one conversation with the business the event is of."""
    business_id = frame["business_id"]
    found: Json = next(c for c in state["conversations"].values() if c["business"]["id"] == business_id)
    return found


def _feedback_requested(state: Json, frame: Json) -> Json:
    conversation = _with_business(state, frame)
    return change(state, "conversations", conversation["id"], feedback_due=frame["body"]["ticket_id"])


def _feedback_settled(state: Json, frame: Json) -> Json:
    """Given, or no longer wanted because the ticket is open again."""
    conversation = _with_business(state, frame)
    if conversation["feedback_due"] != frame["body"]["ticket_id"]:
        return state
    return change(state, "conversations", conversation["id"], feedback_due=None)


def _loop_joined(state: Json, frame: Json) -> Json:
    business = frame["body"]["business"]
    return put(state, "memberships", business["id"], {"business": business, "joined_at": frame["body"]["joined_at"]})


def _loop_left(state: Json, frame: Json) -> Json:
    return drop(state, "memberships", frame["body"]["business"]["id"])


PERSON: dict[str, Fold] = {
    "conversation_opened": _conversation_opened,
    "message_posted": _person_heard_message,
    "message_withdrawn": _person_heard_withdrawal,
    "messages_read": _person_heard_reading,
    "messages_delivered": _marked,
    "feedback_requested": _feedback_requested,
    "feedback_recalled": _feedback_settled,
    "feedback_given": _feedback_settled,
    "member_joined": _loop_joined,
    "member_left": _loop_left,
}

# The panel's filters and orders, over a folded state

SHOWN = {
    None: {"pulled", "assigned", "closed"},
    "waiting": {"waiting"},
    "pulled": {"pulled"},
    "assigned": {"assigned"},
    "open": {"pulled", "assigned"},
    "closed": {"closed"},
}
RANK = {"high": 3, "medium": 2, "low": 1, None: 0}
ORDERS: dict[str, Callable[[Json], Any]] = {
    "updated": lambda ticket: -ticket["updated_seq"],
    "waiting": lambda ticket: (
        (True, -ticket["updated_seq"])
        if ticket["state"] == "closed"
        else (False, instant(ticket["waiting_since"]), ticket["id"])
    ),
    "priority": lambda ticket: (-RANK[ticket["priority"]], -ticket["updated_seq"]),
}


def panel(
    tickets: Iterable[Json], *, me: str, state: str | None, holder: str | None, priority: str | None, sort: str
) -> list[str]:
    """The ids of the rows the panel shows, in order."""

    def shown(ticket: Json) -> bool:
        held_by = ticket["holder"] and ticket["holder"]["id"]
        wanted = {None: True, "none": held_by is None, "me": held_by == me}.get(holder, held_by == holder)
        hidden = holder == "me" and state is None and ticket["state"] == "closed"
        fits = priority is None or ticket["priority"] == priority
        return ticket["state"] in SHOWN[state] and wanted and fits and not hidden

    return [ticket["id"] for ticket in sorted(filter(shown, tickets), key=ORDERS[sort])]


def recent(conversations: Iterable[Json]) -> list[str]:
    """The ids of a person's conversations, the one with the newest message first."""

    def moved(conversation: Json) -> tuple[datetime, str]:
        last = conversation["last_message"]
        return instant((last or conversation)["created_at"]), conversation["id"]

    return [conversation["id"] for conversation in sorted(conversations, key=moved, reverse=True)]
