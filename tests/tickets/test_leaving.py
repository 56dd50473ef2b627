"""Who leaves the desk leaves no ticket behind in empty hands."""

import asyncio

from tests.faults.town import Actor
from tests.shop import Case, Shop, refused

JOB_SECONDS = 10


async def until_released(shop: Shop, case: Case) -> None:
    """What a job does comes a moment after the answer."""
    async with asyncio.timeout(JOB_SECONDS):
        while (await shop.ticket(case))["holder"] is not None:
            await asyncio.sleep(0.02)
    assert (await shop.ticket(case))["state"] == "pulled"


async def agent_with_ticket(shop: Shop) -> tuple[Actor, Case]:
    agent = await shop.town.hired(shop.owner, "agent")
    return agent, await shop.held(agent)


async def test_signing_out_of_the_last_session_returns_the_tickets(shop: Shop) -> None:
    agent, case = await agent_with_ticket(shop)
    second = (await shop.town.signed_in(agent.email))["token"]
    await shop.done(agent, "DELETE", "/session")
    assert (await shop.ticket(case))["holder"]["id"] == agent.id
    await shop.api.done("DELETE", "/session", token=second)
    ticket = await shop.ticket(case)
    assert (ticket["state"], ticket["holder"]) == ("pulled", None)
    history = (await shop.done(shop.owner, "GET", f"/tickets/{case.ticket}/history"))["items"]
    assert (history[-1]["name"], history[-1]["by"]) == ("ticket_released", None)


async def test_closed_tickets_keep_their_last_holder(shop: Shop) -> None:
    agent = await shop.town.hired(shop.owner, "agent")
    case = await shop.closed(agent)
    await shop.done(agent, "DELETE", "/session")
    assert (await shop.ticket(case))["holder"]["id"] == agent.id


async def test_deactivation_returns_the_tickets_and_ends_every_right(shop: Shop) -> None:
    agent, case = await agent_with_ticket(shop)
    await shop.done(shop.owner, "PUT", f"/staff/{agent.id}", {"active": False})
    assert (await shop.ticket(case))["state"] == "pulled"
    refused(await shop.ask(agent, "GET", "/desk"), 401)
    refused(await shop.write(agent, case.conversation), 401)
    answer = await shop.ask(shop.ann, "PUT", f"/tickets/{case.ticket}/holder", {"staff_id": agent.id})
    refused(answer, 404)


async def test_who_becomes_a_marketer_loses_tickets_and_rights_and_keeps_the_session(shop: Shop) -> None:
    agent, case = await agent_with_ticket(shop)
    await shop.done(shop.owner, "PUT", f"/staff/{agent.id}", {"role": "marketer"})
    assert (await shop.ticket(case))["state"] == "pulled"
    assert (await shop.ask(agent, "GET", "/desk")).status_code == 200
    refused(await shop.write(agent, case.conversation), 403, "role_may_not")
    refused(await shop.ask(agent, "PUT", f"/tickets/{case.ticket}/holder", {"staff_id": "me"}), 403)
    await shop.done(shop.owner, "PUT", f"/staff/{agent.id}", {"role": "agent"})
    assert (await shop.claim(agent, case))["holder"]["id"] == agent.id


async def test_another_role_that_may_work_keeps_the_tickets(shop: Shop) -> None:
    agent, case = await agent_with_ticket(shop)
    await shop.done(shop.owner, "PUT", f"/staff/{agent.id}", {"role": "manager"})
    assert (await shop.ticket(case))["holder"]["id"] == agent.id


async def test_a_new_password_ends_the_sessions_and_so_the_claims(shop: Shop) -> None:
    agent, case = await agent_with_ticket(shop)
    await shop.api.done("POST", "/password/resets", {"email": agent.email, "side": "staff"})
    await shop.town.set_password(agent.email, "another battery staple")
    refused(await shop.ask(agent, "GET", "/desk"), 401)
    await until_released(shop, case)


async def test_a_session_in_one_business_keeps_the_claims_in_another(shop: Shop) -> None:
    other = await shop.town.owner()
    agent, case = await agent_with_ticket(shop)
    await shop.town.hired(other, "agent", address=agent.email)
    await shop.done(agent, "DELETE", "/session")
    assert (await shop.ticket(case))["holder"]["id"] == agent.id
