"""Whether the server's counters equal what was played, recomputed from the lines themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shopbell.replay import wire
from shopbell.replay.thread import Thread

EXAMPLES = 20


@dataclass(slots=True)
class Count:
    """How many counters were looked at, how many were wrong, and the first of those."""

    checked: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def expect(self, what: str, found: object, expected: object) -> None:
        self.checked += 1
        if found != expected:
            self.wrong += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(f"{what}: {found}, recomputed {expected}")


def check_tickets(count: Count, thread: Thread, tickets: Mapping[str, wire.Ticket]) -> None:
    """Each dialogue is one ticket, closed as resolved by its agent, following up the one before it."""
    earlier: str | None = None
    for episode in thread.episodes:
        ids = thread.tickets_of(episode)
        count.expect(f"tickets of dialogue {episode.dialogue_id}", len(ids), 1)
        ticket = tickets.get(ids[0] or "") if ids else None
        if ticket is None:
            count.expect(f"dialogue {episode.dialogue_id}", "no ticket", "one ticket")
            continue
        for what, found, expected in (
            ("messages", ticket.messages, episode.messages("person")),
            ("unread", ticket.unread, episode.messages("person", after=thread.read["staff"])),
            ("state", ticket.state, "closed" if episode.closed else "assigned"),
            ("outcome", ticket.outcome, "resolved" if episode.closed else None),
            ("holder", ticket.holder and ticket.holder.id, episode.holder_id),
            ("follow_up_of", ticket.follow_up_of, earlier),
            ("conversation_id", ticket.conversation_id, thread.conversation_id),
        ):
            count.expect(f"{what} of ticket {ticket.id}", found, expected)
        earlier = ticket.id


def check_thread(count: Count, thread: Thread, unread: int, kinds: Mapping[str, int]) -> None:
    """The person's unread count, and one request for feedback for each closure."""
    expected = sum(episode.messages("staff", after=thread.read["person"]) for episode in thread.episodes)
    count.expect(f"unread of conversation {thread.conversation_id}", unread, expected)
    closures = sum(episode.closed for episode in thread.episodes)
    count.expect(f"requests for feedback in {thread.conversation_id}", kinds.get("feedback_request", 0), closures)


def check_desk(count: Count, desk: wire.Desk, tickets: Sequence[wire.Ticket]) -> None:
    """Waiting and unclaimed tickets against the list of those that are not closed."""
    count.expect("waiting", desk.waiting, sum(ticket.state == "waiting" for ticket in tickets))
    count.expect("unclaimed", desk.unclaimed, sum(ticket.state in wire.UNCLAIMED for ticket in tickets))
