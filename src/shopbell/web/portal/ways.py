"""Where a form leads after it: only ever to a page of ours."""

import re

# A path by the rules of a browser, which reads a backslash as a slash and drops tabs and line breaks.
_OWN = re.compile(r"/(?:portal|console)(?:[/?#](?!/)[!-\[\]-~]*)?").fullmatch
HOME = "/portal"


def own_path(asked: str | None) -> str:
    """The path if it is one of a page behind the door, else the portal's first page."""
    return asked if asked and len(asked) <= 1_000 and _OWN(asked) else HOME
