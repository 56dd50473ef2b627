"""From nobody to a member with a chat: sign up, find, join, talk, leave."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.member.app import App
from tests.journeys.member.conftest import Enter
from tests.journeys.member.shop import HOURS, PASSWORD, Shop, address
from tests.running import Server
from tests.web.browser import NARROW, WIDE, Windows


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_somebody_new_signs_up_finds_a_shop_joins_and_chats(windows: Windows, shop: Shop, width: int) -> None:
    app = App(windows.open(width=width), shop.url)
    app.visit("/")
    expect(app.heading("Come on in")).to_be_visible()
    app.page.get_by_role("link", name="Sign up").click()
    app.page.get_by_label("First name").fill("Amara")
    app.page.get_by_label("Last name").fill("Okafor")
    app.page.get_by_label("E-mail").fill(address("amara"))
    app.page.get_by_label("Password").fill(PASSWORD)
    app.page.get_by_label("I am 18 or older").check()
    app.page.get_by_role("button", name="Sign up").click()

    expect(app.page.get_by_text("No chats yet")).to_be_visible()
    app.page.get_by_role("link", name="Find", exact=True).click()
    app.page.get_by_role("searchbox", name="Search shops").fill(shop.name)
    app.page.get_by_role("link", name=shop.name).click()
    expect(app.heading(shop.name)).to_be_focused()
    app.page.get_by_role("button", name="Or press to join").click()
    expect(app.page.get_by_role("heading", name="You are in the Loop")).to_be_visible()
    assert shop.members() == ["Amara Okafor"]

    app.page.get_by_role("button", name="Open chat").click()
    expect(app.heading(shop.name)).to_be_visible()
    app.say("Do you bake gluten-free?")
    app.expect_said("Do you bake gluten-free?")
    app.expect_sent()
    assert shop.messages(shop.conversation()) == ["Do you bake gluten-free?"]
    app.page.go_back()
    expect(app.heading(shop.name)).to_be_visible()
    app.page.get_by_role("link", name=re.compile("^Chats")).click()
    expect(app.row(shop.name)).to_contain_text("You: Do you bake gluten-free?")


def test_one_joins_by_sliding_the_bell_and_leaves_again(enter: Enter, shop: Shop) -> None:
    app = enter(shop.customer(), f"/b/{shop.id}", width=NARROW, has_touch=False)
    app.slide_to_join()
    expect(app.page.get_by_role("heading", name="You are in the Loop")).to_be_visible()
    assert shop.members() == ["Amara Okafor"]
    app.page.get_by_role("button", name="Leave the Loop").click()
    app.page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    assert shop.members() == ["Amara Okafor"]
    app.page.get_by_role("button", name="Leave the Loop").click()
    app.page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(app.page.get_by_role("slider", name="Slide to join the Loop")).to_be_visible()
    assert shop.members() == []


def test_a_bell_let_go_halfway_goes_back_and_joins_nothing(enter: Enter, shop: Shop) -> None:
    app = enter(shop.customer(), f"/b/{shop.id}")
    slider = app.page.get_by_role("slider", name="Slide to join the Loop")
    box = slider.bounding_box()
    assert box is not None
    app.page.mouse.move(box["x"] + 24, box["y"] + 24)
    app.page.mouse.down()
    app.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 24, steps=6)
    app.page.mouse.up()
    expect(slider).to_have_value("0")
    expect(app.page.get_by_role("button", name="Or press to join")).to_be_enabled()
    assert shop.members() == []


def test_the_slider_works_by_key(enter: Enter, shop: Shop) -> None:
    app = enter(shop.customer(), f"/b/{shop.id}")
    slider = app.page.get_by_role("slider", name="Slide to join the Loop")
    slider.focus()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    slider.press("ArrowLeft")
    assert shop.members() == []
    for _ in range(3):
        slider.press("ArrowRight")
    expect(app.page.get_by_role("heading", name="You are in the Loop")).to_be_focused()
    assert shop.members() == ["Amara Okafor"]


def test_one_chats_without_joining(enter: Enter, shop: Shop) -> None:
    app = enter(shop.customer(), f"/b/{shop.id}")
    app.page.get_by_role("button", name="Just chat").click()
    app.say("Only a question.")
    app.expect_sent()
    expect(app.page.get_by_text("Chatting without joining")).to_be_visible()
    assert shop.members() == []
    assert shop.messages(shop.conversation()) == ["Only a question."]


def test_a_stranger_at_a_shop_page_signs_up_and_is_in_its_loop(windows: Windows, shop: Shop) -> None:
    app = App(windows.open(), shop.url)
    app.visit(f"/b/{shop.slug}")
    expect(app.heading(shop.name)).to_be_visible()
    app.page.get_by_role("button", name="Or press to join").click()
    expect(app.heading("Say hello")).to_be_focused()
    app.page.get_by_label("First name").fill("Tomasz")
    app.page.get_by_label("Last name").fill("Wolski")
    app.page.get_by_label("E-mail").fill(address("tomasz"))
    app.page.get_by_label("Password").fill(PASSWORD)
    app.page.get_by_label("I am 18 or older").check()
    app.page.get_by_role("button", name="Sign up").click()
    expect(app.page.get_by_role("heading", name="You are in the Loop")).to_be_visible()
    assert shop.members() == ["Tomasz Wolski"]


def test_what_is_refused_at_the_door_stands_beside_its_field(windows: Windows, shop: Shop) -> None:
    taken = shop.customer()
    app = App(windows.open(), shop.url)
    app.visit("/sign-up")
    app.page.get_by_role("button", name="Sign up").click()
    expect(app.page.get_by_label("First name")).to_be_focused()
    for field, refusal in (
        ("First name", "Enter your first name."),
        ("Last name", "Enter your last name."),
        ("E-mail", "Enter your e-mail address"),
        ("Password", "Choose a password."),
        ("I am 18 or older", "Tick this box"),
    ):
        expect(app.page.get_by_label(field)).to_have_accessible_description(re.compile(refusal))

    app.page.get_by_label("First name").fill("Amara")
    app.page.get_by_label("Last name").fill("Okafor")
    app.page.get_by_label("E-mail").fill(taken.email)
    app.page.get_by_label("Password").fill(PASSWORD)
    app.page.get_by_label("I am 18 or older").check()
    app.page.get_by_role("button", name="Sign up").click()
    expect(app.page.get_by_label("E-mail")).to_be_focused()
    expect(app.page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    expect(app.page.get_by_label("First name")).to_have_value("Amara")

    app.page.get_by_role("link", name="Sign in").click()
    app.page.get_by_label("Password").fill("not the password")
    app.page.get_by_role("button", name="Sign in").click()
    expect(app.page.locator(".banner.bad")).to_be_visible()
    expect(app.page.get_by_label("E-mail")).to_have_value(taken.email)
    app.page.get_by_label("Password").fill(PASSWORD)
    app.page.get_by_role("button", name="Sign in").click()
    expect(app.heading("Businesses")).to_be_visible()


def test_a_forgotten_password_is_set_anew_by_mail(windows: Windows, shop: Shop, town: Server) -> None:
    customer = shop.customer()
    app = App(windows.open(), shop.url)
    app.visit("/sign-in")
    app.page.get_by_label("E-mail").fill(customer.email)
    app.page.get_by_role("link", name="Forgotten it?").click()
    expect(app.page.get_by_label("E-mail")).to_have_value(customer.email)
    app.page.get_by_role("button", name="Send the link").click()
    expect(app.heading("Look into your mail")).to_be_visible()

    fresh = secrets.token_hex(8)
    app.page.goto(shop.mailed_link(town.data, customer))
    app.page.get_by_label("New password").fill(fresh)
    app.page.get_by_role("button", name=re.compile("password")).click()
    app.visit("/sign-in")
    app.page.get_by_label("E-mail").fill(customer.email)
    app.page.get_by_label("Password").fill(fresh)
    app.page.get_by_role("button", name="Sign in").click()
    expect(app.heading("Businesses")).to_be_visible()


def test_a_shop_is_shown_as_it_describes_itself(windows: Windows, shop: Shop) -> None:
    shop.describe(
        category="Bakery", city="Cambridge", street="14 Orchard Row", postcode="02139", phone="+1 617 555 0123",
        website="https://hazelandrye.example/bread", description="Rye at eight.\nCakes at noon.", hours=HOURS,
    )  # fmt: skip
    app = App(windows.open(f"{shop.url}/app/b/{shop.id}"), shop.url)
    main = app.page.get_by_role("main")
    for words in (
        "Bakery Cambridge",
        "Rye at eight.",
        "14 Orchard Row, 02139 Cambridge",
        re.compile(r"9\sAM – 5:30\sPM"),
    ):
        expect(main).to_contain_text(words)
    expect(main.get_by_role("link", name="+1 617 555 0123")).to_have_attribute("href", "tel:+16175550123")
    expect(main.get_by_role("link", name="hazelandrye.example")).to_have_attribute("rel", re.compile("noopener"))


@pytest.mark.parametrize("path", ["/b/no-such-shop", "/b/" + "0" * 32, "/nowhere", "/chats/" + "0" * 32])
def test_addresses_that_lead_nowhere_say_so(enter: Enter, shop: Shop, path: str) -> None:
    app = enter(shop.customer(), path)
    expect(app.page.get_by_role("heading", level=1, name=re.compile("No such|nothing here"))).to_be_visible()
    expect(app.page.get_by_role("navigation", name="Main")).to_be_visible()


def test_signing_in_leads_where_one_wanted_to_go_and_nowhere_else(windows: Windows, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Hello")
    app = App(windows.open(), shop.url)
    app.visit(f"/chats/{conversation}")
    app.page.get_by_label("E-mail").fill(customer.email)
    app.page.get_by_label("Password").fill(PASSWORD)
    app.page.get_by_role("button", name="Sign in").click()
    expect(app.heading(shop.name)).to_be_visible()
    assert app.page.url == f"{shop.url}/app/chats/{conversation}"
    app.page.goto(f"{shop.url}/app/sign-in?to=//evil.example/app/x")
    expect(app.heading("Businesses")).to_be_visible()
    assert app.page.url == f"{shop.url}/app/chats"
