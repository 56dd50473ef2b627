"""What waits at the desk, as a colleague's screen knows it from live events alone."""

import msgspec

from shopbell.replay import wire
from shopbell.replay.counters import Count

_ticket = msgspec.json.Decoder(wire.Ticket)
_pulled = msgspec.json.Decoder(wire.Pulled)
_desk = msgspec.json.Decoder(wire.Desk)


class Panel:
    """Folds ticket events and holds each announced count of waiting tickets against the tickets themselves.

    It starts empty, so it is right only for a business that had no ticket when its listener connected.
    """

    def __init__(self, count: Count) -> None:
        self._count = count
        self._unclaimed: dict[str, str] = {}

    def fold(self, name: str, body: msgspec.Raw) -> None:
        if name == "waiting_changed":
            self._compare(_desk.decode(body))
        elif name == "tickets_pulled":
            for ticket in _pulled.decode(body).tickets:
                self._put(ticket)
        elif name.startswith("ticket_"):
            self._put(_ticket.decode(body))

    def _put(self, ticket: wire.Ticket) -> None:
        if ticket.state in wire.UNCLAIMED:
            self._unclaimed[ticket.id] = ticket.state
        else:
            self._unclaimed.pop(ticket.id, None)

    def _compare(self, told: wire.Desk) -> None:
        states = list(self._unclaimed.values())
        self._count.expect("waiting, as told live", told.waiting, states.count("waiting"))
        self._count.expect("unclaimed, as told live", told.unclaimed, len(states))
