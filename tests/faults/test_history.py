"""The checkers themselves: each way to break a promise must be seen."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.faults.history import BrokenPromise, Heard, History, check_messages, check_stream

Threads = dict[str, list[dict[str, Any]]]


def message(seq: int, text: str) -> dict[str, Any]:
    return {"id": f"id-{seq}", "seq": seq, "kind": "text", "text": text}


@pytest.fixture
def history() -> History:
    """Two authors: three sends acknowledged, one unknown, one refused."""
    history = History()
    for seq, (author, nonce) in enumerate([("ann", "1"), ("bob", "1"), ("ann", "2")], start=1):
        operation = history.invoke(author, "rest", "c", nonce, f"{author} {nonce}")
        operation.ok({"id": f"id-{seq}", "seq": seq})
    history.invoke("ann", "rest", "c", "3", "ann 3").unknown()
    history.invoke("bob", "rest", "c", "2", "bob 2").fail({"status": 403})
    return history


def thread() -> Threads:
    return {"c": [message(1, "ann 1"), message(2, "bob 1"), message(3, "ann 2")]}


def test_a_whole_history_passes_whether_or_not_the_unknown_send_happened(history: History) -> None:
    check_messages("G0", history.sends(), thread())
    check_messages("G0", history.sends(), {"c": [*thread()["c"], message(4, "ann 3")]})


@pytest.mark.parametrize(
    ("how", "spoil"),
    [
        ("lost", lambda c: c.pop()),
        ("doubled", lambda c: c.append(message(4, "ann 2"))),
        ("doubled", lambda c: c.extend([message(4, "ann 3"), message(5, "ann 3")])),
        ("refused and still there", lambda c: c.append(message(4, "bob 2"))),
        ("another id or seq", lambda c: c[2].update(id="id-9")),
        ("never sent", lambda c: c.append(message(4, "nobody's"))),
        ("lost", lambda c: c[0].update(text="Ann 1")),
        ("reordered", lambda c: c.append(message(3, "ann 3"))),
    ],
)
def test_a_spoiled_thread_is_told_by_its_fault(
    history: History, how: str, spoil: Callable[[list[dict[str, Any]]], object]
) -> None:
    threads = thread()
    spoil(threads["c"])
    with pytest.raises(BrokenPromise, match=how):
        check_messages("G0", history.sends(), threads)


def test_a_message_that_stands_before_one_acknowledged_earlier_is_reordered() -> None:
    history = History()
    history.invoke("ann", "rest", "c", "1", "ann 1").ok({"id": "id-2", "seq": 2})
    history.invoke("bob", "rest", "c", "1", "bob 1").ok({"id": "id-1", "seq": 1})
    with pytest.raises(BrokenPromise, match="reordered"):
        check_messages("G0", history.sends(), {"c": [message(1, "bob 1"), message(2, "ann 1")]})


def test_an_authors_own_order_is_the_order_of_first_tries() -> None:
    history = History()
    history.invoke("ann", "socket", "c", "1", "ann 1").unknown()
    history.invoke("ann", "socket", "c", "2", "ann 2").unknown()
    with pytest.raises(BrokenPromise, match="reordered"):
        check_messages("G0", history.sends(), {"c": [message(1, "ann 2"), message(2, "ann 1")]})


def heard(*seqs: int) -> list[Heard]:
    return [Heard("b", seq, "message_posted", str(seq), 1, {}) for seq in seqs]


EXPECTED: Mapping[int, str] = dict.fromkeys((1, 2, 3), "message_posted")


@pytest.mark.parametrize(
    ("how", "stream"),
    [
        ("doubled", heard(1, 2, 2, 3)),
        ("gaps", heard(1, 3)),
        ("gaps", heard(1, 2)),
        ("reordered", heard(1, 3, 2)),
        ("nobody recorded", heard(1, 2, 3, 4)),
        ("nobody recorded", [*heard(1, 2), Heard("b", 3, "note_posted", "3", 1, {})]),
    ],
)
def test_a_spoiled_stream_is_told_by_its_fault(how: str, stream: list[Heard]) -> None:
    with pytest.raises(BrokenPromise, match=how):
        check_stream("G0", "screen", stream, EXPECTED)


def test_a_whole_stream_passes() -> None:
    check_stream("G0", "screen", heard(1, 2, 3), EXPECTED)
