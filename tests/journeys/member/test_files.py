"""Files in a thread: named, saved by a press, and never a page, even when their address is opened."""

import secrets

import httpx
from playwright.sync_api import Error, expect

from tests.journeys.member.conftest import Enter
from tests.journeys.member.shop import Customer, Shop

CANARY = "document.title = 'canary'"
PAGES = {
    "page.html": f"<!doctype html><script>{CANARY}</script>",
    "drawing.svg": f"<svg xmlns='http://www.w3.org/2000/svg'><script>{CANARY}</script></svg>",
    "half.xml": f"<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'><script>{CANARY}</script></x>",
    # To a browser that trusts the name or guesses.
    "GIF89a.gif": f"GIF89a<script>{CANARY}</script>",
}


def posted(shop: Shop, customer: Customer, name: str, data: bytes) -> str:
    """The address of a file that the customer sent with nothing said."""
    conversation = shop.chat_of(customer)
    headers = {"Authorization": f"Bearer {customer.token}"}
    sent = httpx.post(
        f"{shop.url}/api/v1/conversations/{conversation}/attachments",
        files={"file": (name, data)}, headers=headers, trust_env=False,
    ).json()  # fmt: skip
    body = {"nonce": secrets.token_hex(8), "text": "", "attachments": [sent["id"]]}
    shop.ask("POST", f"/conversations/{conversation}/messages", body, customer.token)
    return f"{shop.url}{sent['url']}"


def test_a_file_stands_in_the_thread_with_its_size_and_is_saved_by_a_press(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    posted(shop, customer, "menu \u202efdp.exe", b"x" * 2_400)
    app = enter(customer, f"/chats/{shop.chat_of(customer)}")
    link = app.thread.get_by_role("link", name="exe")
    expect(link).to_contain_text("2 kB")
    # What would turn the writing, and so hide the ending, is not drawn.
    assert "\u202e" not in link.inner_text()
    with app.page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "menu fdp.exe"
    expect(app.row(shop.name)).to_contain_text("menu")


def test_no_file_runs_a_script_when_its_address_is_opened(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    app = enter(customer, f"/chats/{shop.chat_of(customer)}")
    for name, text in PAGES.items():
        url = posted(shop, customer, name, text.encode())
        page = app.page.context.new_page()
        try:
            page.goto(url)
        except Error as refused:
            # It was saved instead.
            assert "Download is starting" in str(refused)
        assert page.title() != "canary"
        page.goto(f"{shop.url}/app")
        drawn = page.evaluate(
            """async (url) => {
                for (const tag of ['iframe', 'object', 'embed', 'img']) {
                    const element = document.createElement(tag)
                    element[tag === 'object' ? 'data' : 'src'] = url
                    document.body.append(element)
                }
                const script = document.createElement('script')
                script.src = url
                const loaded = new Promise((done) => {
                    script.onload = () => done(true)
                    script.onerror = () => done(false)
                })
                document.body.append(script)
                return await loaded
            }""",
            url,
        )
        assert drawn is False
        assert page.title() != "canary"
        page.close()
