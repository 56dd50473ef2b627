"""What the OpenAPI document says an operation answers, held against what it did answer."""

import re
from collections.abc import Mapping
from typing import Any

import httpx


class Documented:
    """The statuses of every operation of one server's document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._paths = [
            (
                re.compile(re.sub(r"{\w+}", "[^/]+", path)),
                {method.upper(): spec["responses"] for method, spec in of.items()},
            )
            for path, of in document["paths"].items()
        ]

    def check(self, answer: httpx.Response) -> None:
        """Fail for an operation, or a status of it, that the document does not tell of."""
        asked = f"{answer.request.method} {answer.request.url.path}"
        told = next((told for path, told in self._paths if path.fullmatch(answer.request.url.path)), None)
        assert told is not None or answer.status_code == httpx.codes.NOT_FOUND, f"{asked} is not documented"
        if told is not None and answer.status_code != httpx.codes.METHOD_NOT_ALLOWED:
            statuses = told["GET" if answer.request.method == "HEAD" else answer.request.method]
            assert str(answer.status_code) in statuses, f"{asked} answered {answer.status_code}: {answer.text[:200]}"
