"""When a shop is open, seen from any moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shopbell.businesses.rules import Holiday, Hours
from shopbell.demo.opening import Opening
from shopbell.kernel.clock import micros

LONDON = ZoneInfo("Europe/London")
# Closed on Mondays and over lunch; 2026-10-25 is a Sunday on which the clocks go back.
HOURS = Hours(tuesday=["09:00-13:00", "14:00-17:30"], sunday=["08:00-12:00"])
HOLIDAYS = [Holiday("Fair", "10-27", ["10:00-11:00"])]
OPENING = Opening(HOURS, HOLIDAYS, "Europe/London")


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=LONDON))


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-10-20T09:00", "2026-10-20T09:00"),
        ("2026-10-20T12:59", "2026-10-20T12:59"),
        ("2026-10-20T13:00", "2026-10-20T14:00"),
        ("2026-10-20T03:00", "2026-10-20T09:00"),
        ("2026-10-20T17:30", "2026-10-25T08:00"),
        ("2026-10-25T00:30", "2026-10-25T08:00"),
        ("2026-10-26T12:00", "2026-10-27T10:00"),
        ("2026-10-27T11:00", "2026-11-01T08:00"),
    ],
)
def test_a_shop_is_open_now_or_opens_next(moment: str, opens: str) -> None:
    assert OPENING.open_from(at(moment)) == at(opens)


@pytest.mark.parametrize(
    ("moment", "awake"),
    [
        ("2026-10-20T12:00", "2026-10-20T12:00"),
        ("2026-10-20T05:00", "2026-10-20T07:00"),
        ("2026-10-20T23:00", "2026-10-21T07:00"),
    ],
)
def test_people_write_while_they_are_awake(moment: str, awake: str) -> None:
    assert OPENING.awake_from(at(moment)) == at(awake)


def test_a_shop_that_never_opens_is_an_error_and_no_endless_search() -> None:
    with pytest.raises(ValueError, match="never opens"):
        Opening(Hours(), [], "Europe/London").open_from(at("2026-10-20T12:00"))
