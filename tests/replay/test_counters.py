"""Counters against what was played."""

from typing import Any

import msgspec
import pytest

from shopbell.replay import wire
from shopbell.replay.counters import Count, check_desk, check_thread, check_tickets
from shopbell.replay.panel import Panel
from shopbell.replay.thread import Episode, Line, Thread


def played_twice() -> Thread:
    """Two dialogues of two customer lines and a reply; staff have read the first one, the person nothing."""
    thread = Thread("conversation", lambda: None)
    seq = 0
    for ticket in ("first", "second"):
        thread.episodes.append(Episode(ticket, holder_id="agent", closed=True))
        for side in ("person", "person", "staff"):
            seq += 1
            line = Line(side, f"{seq}", nonce=f"{seq}", said_at=0.0)
            thread.say(line)
            item = wire.Message(f"m{seq}", seq, "text", wire.Author(side), f"{seq}", "conversation", ticket)
            thread.hear("staff", item, 0.0)
            thread.acknowledge(line, item.id, seq, 0.0)
    thread.read["staff"] = 3
    return thread


def ticket(**changes: Any) -> wire.Ticket:
    item = wire.Ticket(
        id="second",
        conversation_id="conversation",
        state="closed",
        holder=wire.Holder("agent"),
        outcome="resolved",
        messages=2,
        unread=2,
        follow_up_of="first",
    )
    return msgspec.structs.replace(item, **changes)


FIRST = ticket(id="first", unread=0, follow_up_of=None)


def wrong(*tickets: wire.Ticket) -> list[str]:
    count = Count()
    check_tickets(count, played_twice(), {item.id: item for item in tickets})
    assert count.wrong == len(count.examples)
    return [example.split(" of ")[0] for example in count.examples]


def test_tickets_that_count_what_was_played_are_right() -> None:
    assert wrong(FIRST, ticket()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"messages": 3},
        {"unread": 0},
        {"state": "assigned"},
        {"outcome": "abandoned"},
        {"holder": None},
        {"follow_up_of": None},
        {"conversation_id": "other"},
    ],
)
def test_each_counter_that_is_off_is_named(change: dict[str, Any]) -> None:
    assert wrong(FIRST, ticket(**change)) == list(change)


def test_a_ticket_that_is_nowhere_is_told() -> None:
    assert wrong(FIRST) == ["dialogue second: no ticket, recomputed one ticket"]


@pytest.mark.parametrize(("unread", "requests", "faults"), [(2, 2, 0), (1, 2, 1), (2, 1, 1), (2, 3, 1), (0, 0, 2)])
def test_a_thread_counts_unread_replies_and_one_request_for_each_closure(
    unread: int, requests: int, faults: int
) -> None:
    count = Count()
    check_thread(count, played_twice(), unread, {"text": 6, "feedback_request": requests})
    assert count.wrong == faults


def test_the_desk_counts_what_its_lists_show() -> None:
    unfinished = [
        ticket(state="waiting", holder=None),
        ticket(state="pulled", holder=None),
        ticket(state="assigned"),
    ]
    count = Count()
    check_desk(count, wire.Desk(waiting=1, unclaimed=2), unfinished)
    assert count.wrong == 0
    check_desk(count, wire.Desk(waiting=0, unclaimed=3), unfinished)
    assert count.wrong == 2


def test_the_panel_follows_tickets_through_waiting_pulled_and_claimed() -> None:
    count = Count()
    panel = Panel(count)

    def tell(name: str, body: object) -> None:
        panel.fold(name, msgspec.Raw(msgspec.json.encode(body)))

    def told(waiting: int, unclaimed: int) -> int:
        before = count.wrong
        tell("waiting_changed", {"waiting": waiting, "unclaimed": unclaimed})
        return count.wrong - before

    tell("ticket_opened", ticket(state="waiting", holder=None))
    tell("ticket_opened", ticket(id="third", state="waiting", holder=None))
    assert told(2, 2) == 0
    tell("tickets_pulled", {"tickets": [ticket(state="pulled"), ticket(id="third", state="pulled")]})
    assert told(0, 2) == 0
    tell("ticket_assigned", ticket(state="assigned"))
    assert told(0, 1) == 0
    assert told(1, 2) == 2
