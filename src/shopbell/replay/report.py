"""The report of a play, as text for people and as JSON for programs."""

from collections.abc import Iterator

import msgspec

from shopbell.replay.counters import Count
from shopbell.replay.dialogues import Side
from shopbell.replay.latency import Percentiles
from shopbell.replay.streams import StreamFaults
from shopbell.replay.verdict import Verdict


class Latency(msgspec.Struct, frozen=True):
    """From saying a message to its acknowledgement, and to its arrival at the other side; milliseconds."""

    ack: Percentiles
    peer: Percentiles


class Slow(msgspec.Struct, frozen=True):
    """A message that took long to reach the other side, said `at` seconds after the start."""

    at: float
    milliseconds: float
    side: Side
    by_request: bool


class Disturbance(msgspec.Struct, frozen=True):
    """Open connections lost together: how many seconds after the start, and how many of them."""

    at: float
    connections: int


class Report(msgspec.Struct, frozen=True):
    """All a play found out; `troubles` counts what went wrong besides the fate of messages."""

    file: str
    at: str
    business_id: str
    business_name: str
    lanes: int
    agents: int
    speed: float
    dialogues: int
    closed: int
    turns: int
    skipped: int
    seconds: float
    messages: Verdict
    resent: int
    hindered: int
    latency: Latency
    calm_excludes_seconds: float
    calm: Latency
    slowest: list[Slow]
    disturbances: list[Disturbance]
    streams: StreamFaults
    counters: Count
    troubles: int
    first_troubles: list[str]

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled, reordered or altered, every counter right and nothing else amiss."""
        streams = self.streams
        return (
            self.messages.clean
            and not (streams.gaps or streams.doubled or streams.reordered or streams.resyncs)
            and not self.counters.wrong
            and not self.troubles
            and self.closed == self.dialogues
        )


def as_json(report: Report) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report), indent=2)


def as_text(report: Report) -> str:
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    messages, streams, counters = report.messages, report.streams, report.counters
    yield f"{report.file} at {report.speed:g} times speed, {report.lanes} lanes, {report.agents} agents"
    yield f"in {report.business_name} ({report.business_id}) at {report.at}"
    yield ""
    yield f"dialogues     {report.dialogues:>9,}   closed {report.closed:,}, in {report.seconds:,.1f} s"
    yield f"messages sent {messages.sent:>9,}   turns skipped {report.skipped:,}"
    yield f"acknowledged  {messages.acknowledged:>9,}   sent again {report.resent:,}"
    yield f"delivered     {messages.delivered:>9,}"
    yield f"refused       {messages.refused:>9,}   without an answer {messages.unknown:,}"
    yield f"lost          {messages.lost:>9,}"
    yield f"doubled       {messages.doubled:>9,}"
    yield f"reordered     {messages.reordered:>9,}"
    yield f"altered       {messages.altered:>9,}"
    yield ""
    yield f"milliseconds                  {'p50':>9} {'p90':>9} {'p99':>9} {'max':>9}"
    yield _waits("to the acknowledgement", report.latency.ack)
    yield _waits("to the other side", report.latency.peer)
    if report.disturbances:
        yield f"outside {report.calm_excludes_seconds:g} s after each disturbance"
        yield _waits("to the acknowledgement", report.calm.ack)
        yield _waits("to the other side", report.calm.peer)
    for disturbance in report.disturbances:
        yield f"at {disturbance.at:,.1f} s {disturbance.connections:,} connections were lost"
    yield ""
    yield (
        f"live events {streams.events:,}: {streams.gaps:,} gaps, {streams.doubled:,} doubled, "
        f"{streams.reordered:,} reordered, {streams.resyncs:,} resyncs"
    )
    yield f"counters {counters.checked:,}: {counters.wrong:,} wrong"
    yield from (f"  {example}" for example in [*messages.examples, *counters.examples])
    if report.troubles:
        yield f"troubles {report.troubles:,}"
        yield from (f"  {trouble}" for trouble in report.first_troubles)
    yield "everything arrived once, in order and unchanged" if report.clean else "NOT EVERYTHING WENT WELL"


def _waits(what: str, waits: Percentiles) -> str:
    return f"  {what:<27} {waits.p50:>9,.1f} {waits.p90:>9,.1f} {waits.p99:>9,.1f} {waits.max:>9,.1f}"
