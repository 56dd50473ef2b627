"""G9: a business never reads, changes, counts, guesses or hears of another's data."""

import asyncio
import contextlib
from typing import Any, get_args

import httpx
import msgspec
import pytest

from shopbell.live.frames import ClientFrame
from tests.faults.clients import Api, Disconnected, Json, Live
from tests.faults.history import BrokenPromise
from tests.faults.probes import COMMANDS, PROBES, Command, Probe, documented
from tests.faults.town import Town
from tests.faults.worlds import Prowler, World, everything, prowlers, unknown_like, world
from tests.running import Server

HEAR_SECONDS = 0.5
# Ending one's own session is no reach for another's, and would only end the test.
NOT_SENT = frozenset({"DELETE /session"})


@pytest.fixture
def server(lasting_server: Server) -> Server:
    return lasting_server


async def test_the_matrix_covers_every_documented_operation(api: Api) -> None:
    served = set(documented(await api.done("GET", "/openapi.json")))
    covered = {probe.operation for probe in PROBES}
    if missing := served - covered:
        raise BrokenPromise("G9", "documented operations that the matrix does not cover", sorted(missing))
    assert not covered - served, f"in the matrix and not documented: {sorted(covered - served)}"


def test_the_matrix_covers_every_socket_command() -> None:
    tags = {msgspec.inspect.type_info(frame).tag for frame in get_args(ClientFrame)}  # type: ignore[attr-defined]
    missing = tags - {command.type for command in COMMANDS} - {"hello"}
    if missing:
        raise BrokenPromise("G9", "socket commands that the matrix does not cover", sorted(missing))


async def test_no_credential_of_another_reads_changes_counts_or_guesses_through_any_operation(
    api: Api, town: Town
) -> None:
    victim, own = await world(town, marked=True), await world(town, marked=False)
    everyone = await prowlers(town, victim, own)
    before = await everything(api, victim)
    leaks = [
        leak
        for prowler in everyone
        for probe in PROBES
        if probe.operation not in NOT_SENT
        for leak in await _leaks(api, probe, prowler, victim)
    ]
    if leaks:
        raise BrokenPromise("G9", "leaks", leaks)
    assert len(everyone) == 9
    if (after := await everything(api, victim)) != before:
        changed = [(b, a) for b, a in zip(before, after, strict=True) if a != b]
        raise BrokenPromise("G9", "changes by strangers", changed)


async def test_socket_commands_answer_ids_of_another_exactly_as_unknown_ones(
    server: Server, api: Api, town: Town
) -> None:
    victim, own = await world(town, marked=True), await world(town, marked=False)
    everyone = [p for p in await prowlers(town, victim, own) if p.side != "nobody"]
    before = await everything(api, victim)
    leaks = []
    async with (
        await Live.open(server, victim.owner.token) as desk,
        await Live.open(server, victim.customer.token) as customer,
    ):
        for prowler in everyone:
            assert prowler.token is not None
            async with await Live.open(server, prowler.token) as live:
                for command in COMMANDS:
                    leaks += await _command_leaks(live, command, prowler, victim)
        await asyncio.sleep(HEAR_SECONDS)
        leaks += [f"the victim heard {frame}" for frame in (*desk.heard, *customer.heard)]
    if leaks:
        raise BrokenPromise("G9", "leaks over the socket", leaks)
    assert await everything(api, victim) == before


async def test_no_open_socket_of_another_hears_anything_whatever_cursors_it_says(
    server: Server, api: Api, town: Town
) -> None:
    victim, own = await world(town, marked=True), await world(town, marked=False)
    everyone = [p for p in await prowlers(town, victim, own) if p.side != "nobody"]
    async with await Live.open(server, victim.owner.token) as live:
        stolen = {victim.ids["business"]: live.ready["cursor"]}
    leaks = []
    async with contextlib.AsyncExitStack() as stack:
        screens = [
            (prowler, await stack.enter_async_context(await Live.open(server, prowler.token, cursors=cursors)))
            for prowler in everyone
            if prowler.token is not None
            for cursors in ({}, stolen)
        ]
        await _a_busy_hour(api, town, victim)
        await asyncio.sleep(HEAR_SECONDS)
        for prowler, live in screens:
            told = msgspec.json.encode([live.ready, live.heard]).decode()
            leaks += [f"{prowler.name} heard {word}" for word in victim.secrets if word in told]
            assert live.close_code is None, f"{prowler.name} was closed with {live.close_code}"
    if leaks:
        raise BrokenPromise("G9", "leaks to open sockets", leaks)


@pytest.mark.parametrize("side", ["staff", "person"])
async def test_a_socket_needs_credentials_of_the_side_it_asks_for(server: Server, town: Town, side: str) -> None:
    owner, person = await town.owner(), await town.person()
    wrong = person.token if side == "staff" else owner.token
    for token in (wrong, "nobody's"):
        with pytest.raises(Disconnected, match="1008"):
            await Live.open(server, token, as_=side)


async def _leaks(api: Api, probe: Probe, prowler: Prowler, victim: World) -> list[str]:
    """How the answers to the victim's ids differ from those to unknown ones, or what they give away."""
    if not probe.slots:
        answer = await api.call(*probe.aimed({}), token=prowler.token)
        return _told(probe, prowler, victim, answer, {})
    leaks = []
    targets = [{slot} for slot in probe.slots if slot in victim.ids and not slot.startswith("own_")]
    targets = targets if len(targets) < 2 else [*targets, set().union(*targets)]
    for target in targets:
        if "business" in target and (prowler.side in probe.open_to or "business" in prowler.knows):
            continue
        aimed = {**prowler.ids, **{slot: victim.ids[slot] for slot in target}}
        nobody = {**prowler.ids, **{slot: unknown_like(victim.ids[slot]) for slot in target}}
        answer = await api.call(*probe.aimed(aimed), token=prowler.token)
        control = await api.call(*probe.aimed(nobody), token=prowler.token)
        same = (answer.status_code, _without(answer.text, aimed)) == (
            control.status_code, _without(control.text, nobody)
        )  # fmt: skip
        if not same and "page" not in target:
            leaks.append(
                f"{prowler.name}: {probe.operation} with the victim's {sorted(target)}: {answer.status_code} "
                f"{answer.text[:200]}, with unknown ones: {control.status_code} {control.text[:200]}"
            )
        leaks += _told(probe, prowler, victim, answer, aimed)
    return leaks


def _told(probe: Probe, prowler: Prowler, victim: World, answer: httpx.Response, aimed: dict[str, str]) -> list[str]:
    leaks = []
    text = _without(answer.text, aimed)
    leaks += [f"{prowler.name}: {probe.operation} tells {word}" for word in victim.secrets if word in text]
    if answer.status_code >= 500:
        leaks.append(f"{prowler.name}: {probe.operation} answers {answer.status_code}: {answer.text[:200]}")
    if probe.slots and answer.is_success and probe.method != "GET" and aimed:
        leaks.append(f"{prowler.name}: {probe.operation} was done: {answer.text[:200]}")
    return leaks


async def _command_leaks(live: Live, command: Command, prowler: Prowler, victim: World) -> list[str]:
    aimed = {**prowler.ids, "conversation": victim.ids["conversation"]}
    nobody = {**prowler.ids, "conversation": unknown_like(victim.ids["conversation"])}
    if not command.answered:
        # Whether it went through shows on the victim's own screens.
        await live.say(msgspec.json.encode(command.aimed(aimed)).decode())
        return [] if live.close_code is None else [f"{prowler.name}: {command.type} ended the socket"]
    try:
        answer = await live.ask(command.aimed(aimed), seconds=2)
        control = await live.ask(command.aimed(nobody), seconds=2)
    except TimeoutError:
        return [f"{prowler.name}: {command.type} was never answered"]
    leaks = []
    if answer["type"] != "refused":
        leaks.append(f"{prowler.name}: {command.type} was done: {answer}")
    if _bare(answer, aimed) != _bare(control, nobody):
        leaks.append(f"{prowler.name}: {command.type}: {answer}, with an unknown id: {control}")
    told = msgspec.json.encode(answer).decode()
    leaks += [f"{prowler.name}: {command.type} tells {word}" for word in victim.secrets if word in told]
    return leaks


def _bare(frame: Json, ids: dict[str, str]) -> str:
    return _without(msgspec.json.encode({k: v for k, v in frame.items() if k != "ref"}).decode(), ids)


def _without(text: str, ids: dict[str, str]) -> str:
    """The text with every id that was sent in blotted out, since an echo tells nothing."""
    for id in ids.values():
        text = text.replace(id, "*")
    return text


async def _a_busy_hour(api: Api, town: Town, victim: World) -> None:
    """One of everything that makes an event in the victim's business."""
    ids, owner = victim.ids, victim.owner.token
    steps: list[tuple[str, str, Any]] = [
        ("PUT", f"/tickets/{ids['ticket']}/holder", {"staff_id": "me", "take_over": True}),
        ("PUT", f"/tickets/{ids['ticket']}/priority", {"priority": "high"}),
        ("POST", f"/tickets/{ids['ticket']}/notes", {"nonce": "busy", "text": "busy note"}),
        ("POST", f"/conversations/{ids['conversation']}/messages", {"nonce": "busy", "text": "busy"}),
        ("PUT", f"/conversations/{ids['conversation']}/read", {"seq": 3}),
        ("DELETE", f"/tickets/{ids['ticket']}/holder", None),
        ("PUT", f"/tickets/{ids['ticket']}/closure", {"outcome": "resolved"}),
        ("DELETE", f"/tickets/{ids['ticket']}/closure", None),
        ("POST", "/desk/pull", None),
    ]
    for method, path, body in steps:
        await api.done(method, path, body, token=owner)
    await town.post(victim.customer, ids["conversation"], "busy customer")
    path = f"/businesses/{ids['business']}/membership"
    await api.done("DELETE", path, token=victim.customer.token)
    await api.done("PUT", path, token=victim.customer.token)
