"""A thread: when a line counts as settled, and which ticket an episode is."""

import asyncio

import pytest

from shopbell.replay import wire
from shopbell.replay.dialogues import Side
from shopbell.replay.thread import Episode, Line, Thread

pytestmark = pytest.mark.anyio


class Told:
    """A thread with one episode; counts how often it said that a line was settled."""

    def __init__(self) -> None:
        self.settled = 0
        self.thread = Thread("c", self._count)
        self.thread.episodes.append(Episode("d", holder_id="agent"))

    def _count(self) -> None:
        self.settled += 1

    def say(self, side: Side, text: str) -> Line:
        line = Line(side, text, nonce=text, said_at=0.0)
        self.thread.say(line)
        return line

    def hear(self, side: Side, text: str, at: float, ticket_id: str = "t", by: Side = "person") -> None:
        message = wire.Message(f"id-{text}", int(at), "text", wire.Author(by), text, "c", ticket_id)
        self.thread.hear(side, message, at)


async def test_a_line_is_settled_once_it_is_acknowledged_and_both_sides_heard_it() -> None:
    told = Told()
    line = told.say("person", "Hello")
    told.thread.acknowledge(line, "id-Hello", 1, 1.0)
    told.hear("staff", "Hello", 2.0)
    assert (line.settled, told.settled) == (False, 0)
    told.hear("person", "Hello", 3.0)
    assert (line.settled, told.settled) == (True, 1)
    assert (line.acknowledged_at, line.heard_at, line.echoed_at) == (1.0, 2.0, 3.0)


async def test_what_is_heard_before_its_acknowledgement_keeps_its_own_time() -> None:
    told = Told()
    line = told.say("person", "Hello")
    told.hear("person", "Hello", 1.0)
    told.hear("staff", "Hello", 2.0)
    told.thread.acknowledge(line, "id-Hello", 1, 3.0)
    assert (line.echoed_at, line.heard_at, line.settled, told.settled) == (1.0, 2.0, True, 1)


async def test_a_second_hearing_is_kept_as_evidence_and_settles_nothing_anew() -> None:
    told = Told()
    line = told.say("person", "Hello")
    told.thread.acknowledge(line, "id-Hello", 1, 1.0)
    for at in (2.0, 3.0):
        told.hear("staff", "Hello", at)
        told.hear("person", "Hello", at)
    assert (line.heard_at, told.settled, len(told.thread.ears["staff"])) == (2.0, 1, 2)


async def test_a_refused_line_is_settled() -> None:
    told = Told()
    told.thread.refuse(told.say("person", "Hello"), "403 No")
    assert await told.thread.settled(told.thread.lines, patience=1.0) == []


async def test_waiting_ends_when_the_last_line_settles() -> None:
    told = Told()
    line = told.say("staff", "Hi")
    waiting = asyncio.create_task(told.thread.settled([line], patience=10.0))
    await asyncio.sleep(0)
    told.thread.acknowledge(line, "id-Hi", 1, 1.0)
    told.hear("staff", "Hi", 1.0, by="staff")
    await asyncio.sleep(0)
    assert not waiting.done()
    told.hear("person", "Hi", 1.0, by="staff")
    assert await waiting == []


async def test_a_line_given_up_on_is_told_once_and_not_waited_for_again() -> None:
    told = Told()
    line = told.say("person", "Hello")
    assert await told.thread.settled([line], patience=0.01) == [line]
    assert await told.thread.settled([line], patience=10.0) == []


async def test_an_episode_told_to_be_in_two_tickets_has_two() -> None:
    told = Told()
    for seq, (text, ticket_id) in enumerate({"one": "t1", "two": "t1", "three": "t2"}.items(), start=1):
        line = told.say("person", text)
        told.thread.acknowledge(line, f"id-{text}", seq, 1.0)
        told.hear("staff", text, 1.0, ticket_id)
    assert told.thread.tickets_of(told.thread.episodes[0]) == ["t1", "t2"]


async def test_a_request_for_feedback_is_seen_and_not_taken_for_a_line() -> None:
    told = Told()
    request = wire.Message("id-f", 9, "feedback_request", wire.Author("business"), "", "c", "t")
    told.thread.hear("person", request, 1.0)
    assert (told.thread.saw["person"], told.thread.ears["person"]) == (9, [])
