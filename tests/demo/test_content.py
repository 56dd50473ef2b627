"""The files of the town say only what the product can take and its shops can play."""

import math
import re
import unicodedata
from collections import Counter
from itertools import combinations
from random import Random

import msgspec
import pytest
from msgspec.structs import astuple

from shopbell.businesses import rules as profile
from shopbell.demo import content
from shopbell.demo.casting import cast
from shopbell.demo.content import Dialogue, ShopText
from shopbell.demo.plan import StaffMember
from shopbell.kernel.http.fields import Name
from shopbell.signin.rules import check_email
from shopbell.staff.rules import Role

TOWN = content.town()
DIALOGUES = content.dialogues()
NAMES = content.names()


def metres(one: ShopText, other: ShopText) -> float:
    """On a sphere, which is exact enough within a town."""
    north = math.radians(one.latitude - other.latitude)
    east = math.radians(one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return 6_371_000 * math.hypot(north, east)


def staff_of(shop: ShopText) -> list[StaffMember]:
    return [StaffMember(shop.trade, f"{at}", "", one, 0) for at, one in enumerate(shop.staff)]


def test_six_shops_or_more_of_different_trades_within_two_kilometres() -> None:
    assert len({shop.trade for shop in TOWN.shop}) == len(TOWN.shop) >= 6
    assert max(metres(*pair) for pair in combinations(TOWN.shop, 2)) < 2_000


@pytest.mark.parametrize("shop", TOWN.shop, ids=lambda shop: shop.trade)
def test_a_shop_has_a_full_profile_that_belongs_to_nobody(shop: ShopText) -> None:
    business = profile.Business(
        id="",
        slug=profile.slug_of(shop.name),
        name=shop.name,
        time_zone=TOWN.time_zone,
        latitude=shop.latitude,
        longitude=shop.longitude,
        hours=shop.hours,
        holidays=list(TOWN.holiday),
    )
    profile.check(business)
    assert all((shop.category, shop.description, shop.street, shop.postcode))
    assert any(astuple(shop.hours))
    assert re.fullmatch(r"\+441632960\d{3}", shop.phone)
    assert shop.email.endswith(".example")
    assert re.fullmatch(r"https://[a-z-]+\.example", shop.website)


def test_the_staff_have_every_role_and_one_login_works_for_two_shops() -> None:
    staff = [one for shop in TOWN.shop for one in shop.staff]
    shops_of = Counter(one.email for one in staff if one.email)
    assert len(staff) >= 12
    assert {one.role for one in staff} == set(Role)
    assert all(shop.staff[0].role is Role.OWNER for shop in TOWN.shop)
    assert [email for email, shops in shops_of.items() if shops > 1] == ["ines.castelo@merrowmouth.example"]


def test_two_hundred_members_have_names_in_many_scripts_and_addresses_of_their_own() -> None:
    assert len(NAMES) >= 200
    assert len({name.mail_name for name in NAMES}) == len(NAMES)
    for name in NAMES:
        msgspec.convert(name.first_name, Name)
        msgspec.convert(name.last_name, Name)
        check_email(f"{name.mail_name}@example.org", "email")
        assert name.mail_name.isascii()
    scripts = {unicodedata.name(name.last_name[0]).split()[0] for name in NAMES}
    assert scripts >= {
        *("LATIN", "ARABIC", "HEBREW", "CJK", "HANGUL", "DEVANAGARI", "CYRILLIC", "GREEK"),
        *("THAI", "ETHIOPIC", "GEORGIAN", "ARMENIAN", "TAMIL", "BENGALI"),
    }
    assert any(unicodedata.name(name.first_name[0]).startswith("HIRAGANA") for name in NAMES)
    assert any(not name.last_name.isascii() for name in NAMES if name.language == "pl")


def test_there_are_dialogues_enough_and_in_several_languages() -> None:
    languages = Counter(dialogue.language for dialogue in DIALOGUES)
    trades = Counter(dialogue.trade for dialogue in DIALOGUES)
    assert len({dialogue.id for dialogue in DIALOGUES}) == len(DIALOGUES) >= 60
    assert all(languages[language] >= 3 for language in ("es", "de", "ar", "zh"))
    assert all(trades[shop.trade] >= 8 for shop in TOWN.shop)
    assert {"opening hours", "order", "repair", "complaint", "lost item", "allergy", "gift wrap", "rescheduling"} <= {
        dialogue.topic for dialogue in DIALOGUES
    }


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_a_dialogue_can_be_played_in_every_shop_it_is_for(dialogue: Dialogue) -> None:
    shops = [shop for shop in TOWN.shop if dialogue.trade in (None, shop.trade)]
    assert shops
    for shop in shops:
        players = cast(dialogue, staff_of(shop), Random(1))
        assert players.holder.person.role is not Role.MARKETER
        assert players.lead.person.role in (Role.OWNER, Role.MANAGER)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_a_dialogue_begins_with_something_said_and_leaves_no_gap_unfilled(dialogue: Dialogue) -> None:
    assert dialogue.lines[0].verb in ("c", "a")
    known = {"name", "agent", "shop", *dialogue.words}
    used = {word for line in dialogue.lines for word in re.findall(r"\{(.*?)\}", line.text)}
    assert used <= known
    assert set(dialogue.words) <= used
    assert all(choices for choices in dialogue.words.values())


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.id)
def test_feedback_is_asked_of_who_got_an_answer_and_follow_ups_follow_something(dialogue: Dialogue) -> None:
    assert bool(dialogue.feedback) == (dialogue.outcome == "resolved")
    assert all(1 <= feedback.rating <= 5 for feedback in dialogue.feedback)
    assert set(dialogue.follows) <= {one.id for one in DIALOGUES}


def test_a_script_is_read_line_by_line() -> None:
    hello, order, note, closed = content.lines("c: Hello\nc 2h: Please:\n  - one\nn: busy: today\nclose: resolved")
    assert (hello.verb, hello.gap, hello.text) == ("c", None, "Hello")
    assert (order.gap, order.text) == (2 * 3_600_000_000, "Please:\n- one")
    assert (note.verb, note.text) == ("n", "busy: today")
    assert (closed.verb, closed.text) == ("close", "resolved")


@pytest.mark.parametrize("line", ["Hello", "c Hello", "c 4x: Hello", "shout: Hello", "c : Hello"])
def test_what_is_no_line_of_a_script_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"line|Invalid"):
        content.lines(line)


def test_a_name_outside_ascii_needs_a_mail_name() -> None:
    assert content.plain("Josephine", "D'Arcy-Wells") == "josephine.darcy-wells"
    with pytest.raises(ValueError, match="mail name"):
        content.plain("José", "Pike")
