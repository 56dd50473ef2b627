"""After the play: reads everything back and compares it with what was said."""

import heapq
from collections import Counter
from collections.abc import Sequence

from shopbell.replay import counters, latency, reading, streams, verdict, wire
from shopbell.replay.cast import few_at_once
from shopbell.replay.dialogues import Script
from shopbell.replay.lane import Lane
from shopbell.replay.report import Disturbance, Latency, Report, Slow
from shopbell.replay.rest import Rest
from shopbell.replay.settings import Settings
from shopbell.replay.stage import Performance, Stage
from shopbell.replay.thread import Heard, Line

DISTURBANCE_SECONDS = 5.0
"""Connections lost within this long of each other count as one disturbance."""

TROUBLES = 20
SLOWEST = 5


async def find_out(rest: Rest, settings: Settings, script: Script, stage: Stage, performance: Performance) -> Report:
    """The whole report of a performance that has ended."""
    judged = await _judge_all(rest, stage, stage.count)
    lines = [line for lane in stage.lanes for line in lane.thread.lines]
    shocks = latency.clusters(stage.breaks, within=DISTURBANCE_SECONDS)
    return Report(
        file=settings.file,
        at=settings.at,
        business_id=stage.desk.business.id,
        business_name=stage.desk.business.name,
        lanes=len(stage.lanes),
        agents=len(stage.staff_lives),
        speed=settings.speed,
        dialogues=len(script.dialogues),
        closed=sum(episode.closed for lane in stage.lanes for episode in lane.thread.episodes),
        turns=script.turns,
        skipped=script.skipped,
        seconds=round(performance.seconds, 3),
        messages=judged,
        resent=sum(live.resent for live in stage.lives),
        hindered=sum(live.hindered for live in stage.lives),
        latency=_latency(lines, [], 0.0),
        calm_excludes_seconds=settings.calm,
        calm=_latency(lines, [at for at, _ in shocks], settings.calm),
        slowest=_slowest(lines, performance.began, [at for at, _ in shocks], settings.calm),
        disturbances=[Disturbance(round(at - performance.began, 3), lost) for at, lost in shocks],
        streams=streams.examine(
            [live.stream for live in stage.staff_lives],
            [live.stream for live in stage.person_lives],
            alone=stage.desk.alone,
        ),
        counters=stage.count,
        troubles=len(stage.troubles),
        first_troubles=stage.troubles[:TROUBLES],
    )


def _latency(lines: Sequence[Line], shocks: Sequence[float], seconds: float) -> Latency:
    acknowledged = ((line.said_at, line.acknowledged_at) for line in lines if line.acknowledged_at)
    heard = ((line.said_at, line.heard_at) for line in lines if line.heard_at)
    return Latency(
        ack=latency.percentiles(latency.calm(acknowledged, shocks, seconds)),
        peer=latency.percentiles(latency.calm(heard, shocks, seconds)),
    )


def _slowest(lines: Sequence[Line], began: float, shocks: Sequence[float], seconds: float) -> list[Slow]:
    """The slowest of those that no disturbance excuses."""
    waits = [
        Slow(
            at=round(line.said_at - began, 3),
            milliseconds=round((line.heard_at - line.said_at) * 1_000, 3),
            side=line.side,
            by_request=line.by_request,
        )
        for line in lines
        if line.heard_at and latency.calm([(line.said_at, line.heard_at)], shocks, seconds)
    ]
    return heapq.nlargest(SLOWEST, waits, key=lambda slow: slow.milliseconds)


async def _judge_all(rest: Rest, stage: Stage, count: counters.Count) -> verdict.Verdict:
    tickets = await _tickets(rest, stage, count)
    judged = verdict.Verdict()

    async def judge(lane: Lane) -> verdict.Verdict:
        counters.check_tickets(count, lane.thread, tickets)
        return await _judge(rest, lane, count)

    for one in await few_at_once(judge, stage.lanes):
        judged.add(one)
    return judged


async def _tickets(rest: Rest, stage: Stage, count: counters.Count) -> dict[str, wire.Ticket]:
    """Every ticket of the played conversations, by id; checks the desk's own counters on the way."""
    token = stage.desk.agents[0].token
    unfinished = [ticket for state in ("waiting", "open") async for ticket in reading.tickets(rest, token, state)]
    desk = await rest.ask(wire.Desk, "GET", "/desk", token=token)
    counters.check_desk(count, desk, unfinished)
    found = {ticket.id: ticket for ticket in unfinished}
    played = {lane.thread.conversation_id for lane in stage.lanes}
    missing = sum(episode.closed for lane in stage.lanes for episode in lane.thread.episodes)
    async for ticket in reading.tickets(rest, token, "closed"):
        if missing <= 0:
            break
        found[ticket.id] = ticket
        missing -= ticket.conversation_id in played
    return found


async def _judge(rest: Rest, lane: Lane, count: counters.Count) -> verdict.Verdict:
    thread, customer = lane.thread, lane.customer
    by_person = await reading.thread_backwards(rest, thread.conversation_id, customer.token)
    by_staff = await reading.thread_forwards(rest, thread.conversation_id, lane.agent.token)
    unread = await reading.unread(rest, thread.conversation_id, customer.token)
    counters.check_thread(count, thread, unread, Counter(message.kind for message in by_person))
    return verdict.judge(
        thread.lines,
        {
            "stored, as the person reads it": _said(by_person),
            "stored, as staff read it": _said(by_staff),
            "live to the person": thread.ears["person"],
            "live to staff": thread.ears["staff"],
        },
    )


def _said(messages: Sequence[wire.Message]) -> list[Heard]:
    return [(item.id, item.text, item.author.side) for item in messages if item.kind == "text"]
