"""One request at a time, timed inside the server and from outside."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec

from bench.rig import rest
from bench.rig.figures import milliseconds
from bench.rig.questions import Question
from bench.rig.server import Server

SPENT = re.compile(rb"(?i)\r\nserver-timing: *app;dur=([\d.]+)")


class Page(msgspec.Struct):
    items: list[msgspec.Raw] = []
    next: str | int | None = None


decode = msgspec.json.Decoder(Page).decode


@dataclass
class Timing:
    """Seconds of each request of one kind: in the server, and from first byte sent to last received."""

    question: Question
    server: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    items: int = 0

    def json(self) -> dict[str, Any]:
        return {
            "requests": len(self.server),
            "items": self.items,
            "in_the_server": milliseconds(self.server),
            "for_the_client": milliseconds(self.client),
        }


@dataclass(frozen=True)
class Asking:
    """A signed-in member of staff who asks one question after the other."""

    server: Server
    connection: rest.Connection
    token: str

    async def time(self, question: Question, rounds: int) -> Timing:
        """Asks `question` and follows its pages, `rounds` times over."""
        timing = Timing(question)
        for _ in range(rounds * question.repeats):
            place = question.start
            for _ in range(question.pages):
                page = await self._once(_at(question, place), timing)
                timing.items += len(page.items)
                if page.next is None:
                    break
                place = str(page.next)
        return timing

    async def _once(self, path: str, timing: Timing) -> Page:
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        request = rest.request(self.server, "GET", path, self.token, b"")
        begun = time.perf_counter()
        self.connection.send(request, lambda status, body: answer.set_result((status, body)))
        status, body = await answer
        timing.client.append(time.perf_counter() - begun)
        if status != 200:
            raise rest.Refused(f"{path}: {status} {body.decode(errors='replace')}")
        spent = SPENT.search(self.connection.head)
        if spent is None:
            raise ValueError("the server does not say how long it took")
        timing.server.append(float(spent[1]) / 1e3)
        return decode(body)


def _at(question: Question, place: str | None) -> str:
    if place is None:
        return question.path
    joint = "&" if "?" in question.path else "?"
    return f"{question.path}{joint}{question.key}={quote(place)}"
