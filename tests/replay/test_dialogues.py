"""Reading recordings."""

import gzip
import json
from pathlib import Path

import pytest

from shopbell.replay.dialogues import Dialogue, Turn, Unreadable, parse, read


def line(*turns: object) -> bytes:
    return json.dumps({"id": 7, "turns": turns}).encode()


def test_a_timed_turn_pauses_as_long_as_people_did() -> None:
    dialogue, skipped = parse(line(["c", 10, "Hello"], ["a", 27, "Hi", "label", ["hi", "hello"], None]))
    assert dialogue == Dialogue("7", (Turn("person", 0.0, "Hello"), Turn("staff", 17.0, "Hi")))
    assert skipped == 0


def test_turns_without_times_are_five_seconds_apart() -> None:
    dialogue, _ = parse(line(["c", "Hello"], ["a", "Hi"], ["c", "Bye"]))
    assert [turn.pause for turn in dialogue.turns] == [0.0, 5.0, 5.0]


def test_a_clock_that_runs_backwards_pauses_for_nothing() -> None:
    dialogue, _ = parse(line(["c", 30, "Hello"], ["a", 20, "Hi"], ["c", 31, "Bye"]))
    assert [turn.pause for turn in dialogue.turns] == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("text", ["", " ", "\t\u2003\u3000\n", "x" * 8_001, "a\0b"])
def test_a_text_no_message_may_have_is_left_out_and_counted(text: str) -> None:
    dialogue, skipped = parse(line(["c", 0, "Hello"], ["a", 5, text], ["c", 9, "Still there?"]))
    assert [turn.text for turn in dialogue.turns] == ["Hello", "Still there?"]
    assert [turn.pause for turn in dialogue.turns] == [0.0, 9.0]
    assert skipped == 1


@pytest.mark.parametrize("text", ["\x1c", "\u200b", "\ufeff", "x" * 8_000, "🙂" * 8_000])
def test_a_text_that_only_looks_empty_or_long_is_played(text: str) -> None:
    dialogue, skipped = parse(line(["c", 0, text]))
    assert (dialogue.turns[0].text, skipped) == (text, 0)


@pytest.mark.parametrize(
    "bad", [b"[]", b"{}", b'{"turns":[["x",0,"Hi"]]}', b'{"turns":[["c"]]}', b'{"turns":[["c",0,5]]}', b"{"]
)
def test_a_line_of_another_shape_is_named_by_file_and_number(bad: bytes, tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_bytes(line(["c", "Hello"]) + b"\n" + bad + b"\n")
    with pytest.raises(Unreadable, match=r"talk\.jsonl, line 2"):
        read(path)


def test_plain_and_gzipped_files_read_alike(tmp_path: Path) -> None:
    content = b"\n".join([line(["c", "Hello"]), b"", line(["a", " "]), line(["a", "Hi"], ["c", "\t"])])
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    script = read(plain)
    assert script == read(packed)
    assert (len(script.dialogues), script.turns, script.skipped) == (2, 2, 2)


def test_a_gzipped_file_cut_short_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(line(["c", "Hello"]) * 500)[:-20])
    with pytest.raises(Unreadable, match="damaged"):
        read(path)


def test_only_the_first_dialogues_are_read_when_so_many_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_bytes(line(["c", "One"]) + b"\n" + line(["c", "Two"]) + b"\nnonsense\n")
    assert len(read(path, first=2).dialogues) == 2
