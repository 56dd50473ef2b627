"""Thousands of members, each in the Loops of a few shops, who write to the first of them."""

import asyncio
from dataclasses import dataclass

from bench.rig.rest import Client, client
from bench.rig.server import Server
from bench.rig.world import Customer, Shop, sign_up

CONNECTIONS = 16


@dataclass(frozen=True)
class Member:
    """A customer of the shop `home`, who is also in the Loops of some more."""

    customer: Customer
    home: Shop


async def join_up(server: Server, shops: list[Shop], members: int, *, loops: int) -> list[Member]:
    """That many new members, spread evenly over the shops; each is in so many Loops."""
    asking = await client(server, CONNECTIONS)
    try:
        return await asyncio.gather(*(_member(asking, shops, number, loops) for number in range(members)))
    finally:
        asking.close()


async def _member(asking: Client, shops: list[Shop], number: int, loops: int) -> Member:
    name = f"member-{number}"
    token = await sign_up(asking, name)
    joined = [shops[(number + step) % len(shops)] for step in range(loops)]
    for shop in joined:
        await asking.ask("PUT", f"/businesses/{shop.business_id}/membership", token=token)
    conversation = await asking.ask("POST", f"/businesses/{joined[0].business_id}/conversation", token=token)
    return Member(Customer(name, token, conversation["id"]), joined[0])
