"""The verdict over a thread, given what each witness heard."""

import pytest

from shopbell.replay.dialogues import Side
from shopbell.replay.thread import Heard, Line
from shopbell.replay.verdict import Verdict, judge

FAULTS = ("lost", "doubled", "reordered", "altered")


def said(*texts: str, side: Side = "person") -> list[Line]:
    lines = [Line(side, text, nonce=text, said_at=0.0) for text in texts]
    for line in lines:
        line.id, line.heard_at = f"id-{line.text}", 1.0
    return lines


def heard(*texts: str) -> list[Heard]:
    return [(f"id-{text}", text, "person") for text in texts]


def faults(verdict: Verdict) -> dict[str, int]:
    return {fault: getattr(verdict, fault) for fault in FAULTS if getattr(verdict, fault)}


def test_what_every_witness_heard_once_and_in_order_is_clean() -> None:
    verdict = judge(said("a", "b", "c"), {"stored": heard("a", "b", "c"), "live": heard("a", "b", "c")})
    assert (verdict.sent, verdict.acknowledged, verdict.delivered) == (3, 3, 3)
    assert verdict.clean


@pytest.mark.parametrize(
    ("witness", "expected"),
    [
        (heard("a", "c"), {"lost": 1}),
        (heard("a", "b", "b", "c"), {"doubled": 1}),
        (heard("b", "a", "c"), {"reordered": 1}),
        ([*heard("a", "b"), ("id-c", "C", "person")], {"altered": 1}),
        ([*heard("a", "b", "c"), ("id-new", "c", "person")], {"doubled": 1}),
        (heard("c", "b"), {"lost": 1, "reordered": 1}),
        ([("id-a", "a\u0301", "person"), *heard("b", "c")], {"altered": 1}),
    ],
)
def test_one_lying_witness_is_enough(witness: list[Heard], expected: dict[str, int]) -> None:
    verdict = judge(said("a", "b", "c"), {"true": heard("a", "b", "c"), "lying": witness})
    assert faults(verdict) == expected
    assert not verdict.clean
    assert all("lying" in example for example in verdict.examples)


def test_a_message_missing_everywhere_is_lost_once() -> None:
    assert faults(judge(said("a", "b"), {"stored": heard("a"), "live": heard("a")})) == {"lost": 1}


def test_a_message_without_an_answer_may_exist_once_and_not_twice() -> None:
    lines = said("a", "b")
    lines[1].id = None
    never = judge(lines, {"stored": heard("a")})
    once = judge(lines, {"stored": [*heard("a"), ("x", "b", "person")]})
    twice = judge(lines, {"stored": [*heard("a"), ("x", "b", "person"), ("y", "b", "person")]})
    assert (never.unknown, faults(never), faults(once), faults(twice)) == (1, {}, {}, {"doubled": 1})
    assert not never.clean


def test_a_refused_message_that_is_stored_all_the_same_is_one_too_many() -> None:
    lines = said("a", "b")
    lines[1].id, lines[1].refused = None, "409"
    verdict = judge(lines, {"stored": [*heard("a"), ("x", "b", "person")]})
    assert (verdict.refused, faults(verdict)) == (1, {"doubled": 1})


def test_verdicts_over_several_threads_add_up() -> None:
    total = judge(said("a", "b"), {"stored": heard("a")})
    total.add(judge(said("c"), {"stored": heard("c", "c")}))
    assert (total.sent, total.lost, total.doubled, len(total.examples)) == (3, 1, 1, 2)
