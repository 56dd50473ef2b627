"""Events come from several processes in any order, some twice and some never; they are let on in their own."""

from hypothesis import given
from hypothesis import strategies as st

from shopbell.live.course import HELD, Course
from shopbell.live.told import Told


def event(seq: int) -> Told:
    return Told("b", seq)


@given(order=st.lists(st.integers(1, 20), max_size=60), head=st.integers(0, 5), at=st.integers(0, 60))
def test_each_is_let_on_once_in_the_order_of_numbers_up_to_the_first_gap(order: list[int], head: int, at: int) -> None:
    course, onward = Course(), list[Told]()
    for seq in order[:at]:
        onward += course.take([event(seq)])
    assert onward == []
    onward += course.begin(head)
    for seq in order[at:]:
        onward += course.take([event(seq)])
    reached = head
    while reached + 1 in order:
        reached += 1
    assert [one.seq for one in onward] == list(range(head + 1, reached + 1))
    assert course.position == reached
    assert course.has_gap == any(seq > reached for seq in order)


def test_what_waits_behind_a_gap_is_bounded_and_the_missing_one_still_gets_through() -> None:
    course = Course()
    course.begin(0)
    assert course.take(event(seq) for seq in range(2, HELD * 2)) == []
    assert [one.seq for one in course.take([event(1)])] == list(range(1, HELD + 2))
