"""Windows of a browser for whole journeys; each folder brings its own town."""

from tests.web.browser import axe, chromium, windows

__all__ = ["axe", "chromium", "windows"]
