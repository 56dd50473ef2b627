"""The plan of the town: whatever the moment it is made for, it could have happened so."""

from collections import Counter
from datetime import UTC, datetime

import msgspec
import pytest

from shopbell.demo import content, town
from shopbell.demo.opening import Opening
from shopbell.demo.plan import (
    Blocked,
    Claimed,
    Closed,
    Conversation,
    Noted,
    PersonRead,
    PersonSaid,
    Prioritised,
    Rated,
    Released,
    Reopened,
    StaffRead,
    StaffSaid,
    Step,
    TakenOver,
    Town,
    Transferred,
    Withdrawn,
)
from shopbell.kernel.clock import DAY, MINUTE, micros
from shopbell.kernel.http.fields import Nonce, Text
from shopbell.tickets.rules import Outcome, State

# An ordinary evening, Boxing Day when every shop is closed, the night the clocks go forward, a leap day.
MOMENTS = [
    datetime(2026, 11, 18, 18, 30, tzinfo=UTC),
    datetime(2026, 12, 26, 9, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 3, 0, tzinfo=UTC),
]
NOW = micros(MOMENTS[0])


@pytest.fixture(scope="module", params=MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d}")
def plan(request: pytest.FixtureRequest) -> Town:
    return town.build(micros(request.param))


def steps(conversation: Conversation) -> list[Step]:
    return [step for episode in conversation.episodes for step in episode.steps]


def staff_acts(conversation: Conversation) -> list[tuple[str, int]]:
    """Who of the shop did something, and when."""
    acts = [(by, step.at) for step in steps(conversation) if (by := getattr(step, "by", None))]
    return acts + [(step.to, step.at) for step in steps(conversation) if isinstance(step, Transferred)]


def test_the_same_moment_and_seed_make_the_same_town_and_another_seed_another() -> None:
    assert town.build(NOW) == town.build(NOW)
    assert town.build(NOW, seed=2).conversations != town.build(NOW).conversations


def test_the_town_is_of_the_promised_size(plan: Town) -> None:
    assert len(plan.shops) >= 6
    assert len(plan.staff) >= 12
    assert len({one.email for one in plan.memberships}) >= 200
    assert len(plan.conversations) >= 300
    told = {episode.dialogue for one in plan.conversations for episode in one.episodes}
    assert len(told) >= 0.9 * len(content.dialogues())


def test_people_and_conversations_are_there_once(plan: Town) -> None:
    assert max(Counter(person.email for person in plan.people).values()) == 1
    assert max(Counter((one.shop, one.email) for one in plan.staff).values()) == 1
    assert max(Counter((one.shop, one.email) for one in plan.memberships).values()) == 1
    assert max(Counter((one.shop, one.email) for one in plan.conversations).values()) == 1


def test_every_shop_has_tickets_in_every_state(plan: Town) -> None:
    for shop in plan.shops:
        states = {
            episode.state for one in plan.conversations if one.shop == shop.text.trade for episode in one.episodes
        }
        assert states == set(State)


def test_everything_that_can_become_of_a_ticket_becomes_of_some(plan: Town) -> None:
    every = [step for one in plan.conversations for step in steps(one)]
    assert {type(step) for step in every} == {
        *(Blocked, Claimed, Closed, Noted, PersonRead, PersonSaid, Prioritised, Rated, Released, Reopened),
        *(StaffRead, StaffSaid, TakenOver, Transferred, Withdrawn),
    }
    assert {step.outcome for step in every if isinstance(step, Closed)} == set(Outcome)
    assert any(step.feedback.comment for step in every if isinstance(step, Rated))
    assert any(len(one.episodes) > 1 for one in plan.conversations)


def test_what_happens_in_a_conversation_is_in_order_and_in_the_past(plan: Town) -> None:
    opened = {shop.text.trade: shop.opened_at for shop in plan.shops}
    for conversation in plan.conversations:
        times = [step.at for step in steps(conversation)]
        assert times == sorted(times)
        assert opened[conversation.shop] < times[0] <= times[-1] < plan.built_at


def test_people_sign_up_before_they_join_and_write(plan: Town) -> None:
    signed_up = {person.email: person.signed_up_at for person in plan.people}
    for membership in plan.memberships:
        left_at = membership.left_at or plan.built_at
        assert signed_up[membership.email] < membership.joined_at < left_at <= plan.built_at
    for conversation in plan.conversations:
        assert signed_up[conversation.email] < conversation.episodes[0].starts_at


def test_a_shop_writes_first_only_to_members_or_who_wrote_before(plan: Town) -> None:
    joined = {(one.shop, one.email): one.joined_at for one in plan.memberships}
    for conversation in plan.conversations:
        first = conversation.episodes[0].steps[0]
        if isinstance(first, StaffSaid):
            assert joined[conversation.shop, conversation.email] < first.at


def test_some_write_without_joining_and_some_leave(plan: Town) -> None:
    joined = {(one.shop, one.email) for one in plan.memberships}
    assert any((one.shop, one.email) not in joined for one in plan.conversations)
    assert any(one.left_at for one in plan.memberships)


def test_staff_act_only_while_they_work_there(plan: Town) -> None:
    at_work = {(one.shop, one.email): (one.added_at, one.left_at or plan.built_at) for one in plan.staff}
    assert any(one.left_at for one in plan.staff)
    acts = [(one.shop, by, at) for one in plan.conversations for by, at in staff_acts(one)]
    for shop, by, at in [*acts, *((pull.shop, pull.by, pull.at) for pull in plan.pulls)]:
        added_at, left_at = at_work[shop, by]
        assert added_at < at < left_at


def test_staff_answered_while_the_shop_was_open(plan: Town) -> None:
    opening = {shop.text.trade: Opening(shop.text.hours, plan.text.holiday, plan.text.time_zone) for shop in plan.shops}
    for conversation in plan.conversations:
        for episode in conversation.episodes:
            if episode.state is State.CLOSED:
                for step in episode.steps:
                    if isinstance(step, StaffSaid | Closed):
                        assert opening[conversation.shop].open_from(step.at) == step.at


def test_what_waits_came_after_the_last_pull_and_what_is_pulled_before(plan: Town) -> None:
    for shop in plan.shops:
        last = max(pull.at for pull in plan.pulls if pull.shop == shop.text.trade)
        assert plan.built_at - 60 * MINUTE <= last < plan.built_at
        for conversation in plan.conversations:
            if conversation.shop != shop.text.trade:
                continue
            episode = conversation.episodes[-1]
            if episode.state is State.WAITING:
                assert last < episode.starts_at
            elif episode.state is State.PULLED:
                assert episode.ends_at < last


def test_only_the_newest_episode_is_open_and_the_others_are_closed(plan: Town) -> None:
    for conversation in plan.conversations:
        assert {episode.state for episode in conversation.episodes[:-1]} <= {State.CLOSED}
        assert all(
            any(isinstance(step, Closed) for step in episode.steps) == (episode.state is State.CLOSED)
            for episode in conversation.episodes
        )


def test_every_text_and_nonce_is_within_the_bounds_of_the_contract(plan: Town) -> None:
    for conversation in plan.conversations:
        said = [step for step in steps(conversation) if isinstance(step, PersonSaid | StaffSaid | Noted)]
        for step in said:
            msgspec.convert(step.text, Text)
            msgspec.convert(step.nonce, Nonce)
            assert "{" not in step.text
        assert len({step.nonce for step in said}) == len(said)
        for rated in steps(conversation):
            if isinstance(rated, Rated) and rated.feedback.comment:
                msgspec.convert(rated.feedback.comment, Text)


def test_the_history_spreads_over_weeks_and_reaches_the_last_hour(plan: Town) -> None:
    starts = [episode.starts_at for one in plan.conversations for episode in one.episodes]
    assert plan.built_at - min(starts) > 35 * DAY
    assert plan.built_at - max(starts) < 60 * MINUTE
    weeks = Counter((plan.built_at - start) // (7 * DAY) for start in starts)
    assert all(weeks[week] >= 20 for week in range(6))
