"""What people accept when they sign up: the operator's own words, or plainly that there are none."""

from pathlib import Path

from litestar import get

from shopbell.kernel.http import Given
from shopbell.settings import Settings
from shopbell.web.pages import Page, render
from shopbell.web.texts import gettext as _

# Read anew each time, so that a new text needs no restart; nobody asks for them often.
TERMS, PRIVACY = "terms.txt", "privacy.txt"


@get("/terms", sync_to_thread=True)
def terms(settings: Given[Settings]) -> Page:
    """Answers with the operator's `terms.txt`, where there is one in the data directory."""
    return _told(_("Terms"), settings.data / TERMS, (
        _("Whoever runs this Shopbell lets you chat here with shops that take part. They have written no terms of their"
          " own; this is what the software goes by."),
        _("You have to be 18 or older. Write nothing that is against the law, and nothing meant to harm or to annoy."),
        _("A shop may end your writing to it. You may leave a shop at any time."),
    ))  # fmt: skip


@get("/privacy", sync_to_thread=True)
def privacy(settings: Given[Settings]) -> Page:
    """Answers with the operator's `privacy.txt`, likewise."""
    return _told(_("Privacy notice"), settings.data / PRIVACY, (
        _("Whoever runs this Shopbell has written no notice of their own. This is what the software does."),
        _("It keeps your name, your e-mail address and a hash of your password; the shops you have joined, when, and"
          " when you left; and what you and the shops write to each other, with when it came and was read."),
        _("A shop you write to or join sees your name and what you wrote to it. It does not see what you write to"
          " others. Its staff may write notes about a chat that you are not shown."),
        _("One cookie keeps you signed in. Your device keeps your chats, so that they are there without a connection,"
          " until you sign out. The pages load nothing from other sites, and follow nobody there."),
    ))  # fmt: skip


def _told(title: str, file: Path, otherwise: tuple[str, ...]) -> Page:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        paragraphs = list(otherwise)
    else:
        paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    return render("legal.html", title=title, paragraphs=paragraphs)


HANDLERS = [terms, privacy]
