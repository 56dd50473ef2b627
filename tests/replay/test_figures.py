"""Percentiles, disturbances and the numbers of a stream."""

import pytest

from shopbell.replay.latency import Percentiles, calm, clusters, percentiles
from shopbell.replay.streams import Stream, StreamFaults, examine


def stream(*seqs: int) -> Stream:
    one = Stream()
    for seq in seqs:
        one.note(seq)
    return one


def test_percentiles_are_the_nearest_ranks_in_milliseconds() -> None:
    found = percentiles((0.0, wait / 1_000) for wait in range(100, 0, -1))
    assert found == Percentiles(100, 50.0, 90.0, 99.0, 100.0)


def test_nothing_measured_gives_no_percentiles() -> None:
    assert percentiles([]) == Percentiles()


def test_calm_leaves_out_what_touches_the_time_after_a_disturbance() -> None:
    before, across, inside, late, after = (8.0, 9.9), (9.9, 10.1), (12.0, 12.1), (20.0, 20.1), (20.1, 20.2)
    assert calm([before, across, inside, late, after], [10.0], 10.0) == [before, after]


def test_connections_lost_together_are_one_disturbance() -> None:
    assert clusters([30.2, 1.0, 1.4, 5.9, 30.0], within=5.0) == [(1.0, 3), (30.0, 2)]


@pytest.mark.parametrize(
    ("staff", "people", "alone", "expected"),
    [
        ([(1, 2, 4), (1, 2, 4)], [(2, 3)], True, StreamFaults(8, 0, 0, 0, 0)),
        ([(1, 2, 4), (1, 4)], [(2, 3)], True, StreamFaults(7, 1, 0, 0, 0)),
        ([(1, 2, 4), (1, 2, 4)], [(2,)], True, StreamFaults(7, 1, 0, 0, 0)),
        ([(1, 2, 4), (1, 2, 4)], [(2,)], False, StreamFaults(7, 0, 0, 0, 0)),
        ([(1, 2, 2, 3)], [], True, StreamFaults(4, 0, 1, 0, 0)),
        ([(1, 3, 2, 4)], [], True, StreamFaults(4, 0, 0, 1, 0)),
        ([(5, 6), (6,)], [], True, StreamFaults(3, 0, 0, 0, 0)),
        ([(5, 6, 7), (5, 6)], [], True, StreamFaults(5, 1, 0, 0, 0)),
    ],
)
def test_each_event_is_heard_by_all_who_may_once_and_in_order(
    staff: list[tuple[int, ...]], people: list[tuple[int, ...]], alone: bool, expected: StreamFaults
) -> None:
    found = examine([stream(*seqs) for seqs in staff], [stream(*seqs) for seqs in people], alone=alone)
    assert found == expected
