"""The windows that tests look through notice what they promise to notice."""

import pytest

from tests.running import Server
from tests.web.browser import Window, Windows


@pytest.fixture
def window(windows: Windows, dev_server: Server) -> Window:
    return windows.open(dev_server.url + "/sign-in")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "Content Security Policy",
        ),
        (
            "document.body.append(Object.assign(new Image(), {src: 'http://elsewhere.test/'}))",
            "Content Security Policy",
        ),
        ("setTimeout(() => { throw new Error('oh') })", "thrown: oh"),
        ("console.error('oh')", "error: oh"),
    ],
)
def test_what_a_page_should_not_do_is_noticed(window: Window, act: str, told: str) -> None:
    with window.page.expect_event("pageerror" if "throw" in act else "console"):
        window.page.evaluate(f"() => {{ {act} }}")
    assert [problem for problem in window.problems if told in problem]
    window.forgive(told)
    assert window.problems == []


def test_a_refusal_of_the_api_is_no_fault_of_the_page(window: Window) -> None:
    with window.page.expect_event("console"):
        assert window.page.evaluate("fetch('/api/v1/me').then((answer) => answer.status)") == 401
    assert window.problems == []


def test_what_nobody_could_read_aloud_is_noticed(window: Window) -> None:
    window.check_axe()
    window.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    with pytest.raises(pytest.fail.Exception, match="button-name"):
        window.check_axe()


def test_a_page_that_is_too_wide_is_noticed(window: Window) -> None:
    window.check_width()
    window.page.evaluate("document.querySelector('main').style.inlineSize = '3000px'")
    with pytest.raises(pytest.fail.Exception, match="wider than its window"):
        window.check_width()


def test_a_button_beyond_the_edge_of_a_page_that_hides_it_is_noticed(window: Window) -> None:
    window.page.evaluate("""() => {
        document.body.style.overflow = 'hidden'
        const button = document.querySelector('main').appendChild(document.createElement('button'))
        button.textContent = 'Out there'
        button.style.cssText = 'position: fixed; inset-inline-start: 95vw; inline-size: 10rem'
    }""")
    with pytest.raises(pytest.fail.Exception, match="Out there"):
        window.check_width()


def test_a_word_broken_within_a_button_is_noticed(window: Window) -> None:
    window.page.evaluate("""() => {
        const button = document.querySelector('main').appendChild(document.createElement('button'))
        button.textContent = 'Onwards'
        button.style.cssText = 'inline-size: 4ch; overflow-wrap: anywhere'
    }""")
    with pytest.raises(pytest.fail.Exception, match="Onwards"):
        window.check_width()


def test_a_button_too_small_for_a_thumb_is_noticed_where_there_is_no_mouse(
    windows: Windows, window: Window, dev_server: Server
) -> None:
    phone = windows.open(dev_server.url + "/sign-in", has_touch=True)
    for each in (window, phone):
        each.page.evaluate("""() => {
            const button = document.querySelector('main').appendChild(document.createElement('button'))
            button.textContent = 'Tiny'
        }""")
    window.check_targets()
    with pytest.raises(pytest.fail.Exception, match="Tiny"):
        phone.check_targets()


def test_a_window_beside_another_shares_who_is_signed_in_and_a_new_one_does_not(
    windows: Windows, server: Server
) -> None:
    one = windows.open(server.url + "/app")
    one.page.evaluate("document.cookie = 'here=1'")
    beside, apart = windows.open(server.url + "/app", beside=one), windows.open(server.url + "/app")
    assert beside.page.evaluate("document.cookie") == "here=1"
    assert apart.page.evaluate("document.cookie") == ""
