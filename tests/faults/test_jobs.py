"""Jobs: what several processes share of the work is done by one of them, while none dies."""

import asyncio

import pytest

from tests.faults.clients import Api
from tests.faults.history import BrokenPromise
from tests.faults.sizes import figure
from tests.faults.town import Town
from tests.running import Service

MAILS = figure(smoke=150, short=3_000, long=100_000)
AT_ONCE = 40
MAIL_SECONDS = 60.0


@pytest.fixture
def server(lasting_server: Service) -> Service:
    return lasting_server


@pytest.mark.only_on("cluster")
async def test_each_mail_goes_out_once_though_every_process_looks_for_work(
    server: Service, api: Api, town: Town
) -> None:
    person = await town.person()
    mail = server.data / "mail"
    gate = asyncio.Semaphore(AT_ONCE)
    before = set(mail.glob("*.eml"))

    async def ask() -> None:
        async with gate:
            await api.done("POST", "/password/resets", {"email": person.email, "side": "person"})

    await asyncio.gather(*(ask() for _ in range(MAILS)))
    async with asyncio.timeout(MAIL_SECONDS):
        while len(sent := set(mail.glob("*.eml")) - before) < MAILS:
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    sent = set(mail.glob("*.eml")) - before
    if len(sent) != MAILS:
        raise BrokenPromise("Jobs", f"mails, where {MAILS} were asked for", sent)
