"""A search goes on over pages, however little of what it looks at fits."""

import pytest

from shopbell.businesses import finding
from tests.signin.asking import Api

NAMES = ["Ann Anderson", "Anna Annan", "Andy Ant", "Bo An", "An An", "Cy Young", "Ana Bell", "Bea Angel", "Al Bo"]


async def joined(api: Api) -> str:
    """The token of an owner whose Loop these people have joined."""
    owner = await api.register()
    for name in NAMES:
        person = await api.sign_up(*name.split())
        await api.done("PUT", f"/businesses/{owner['business']['id']}/membership", token=person["token"])
    return str(owner["token"])


@pytest.mark.parametrize("stretch", [1, 2, 5, 1_000])
async def test_no_hit_is_lost_between_stretches(api: Api, monkeypatch: pytest.MonkeyPatch, stretch: int) -> None:
    monkeypatch.setattr(finding, "STRETCH", stretch)
    token = await joined(api)
    for text, hits in (("an", 7), ("an b", 3), ("b an", 3), ("a b", 4), ("an an", 7), ("ann and", 1), ("x", 0)):
        for limit in (1, 3, 50):
            found = await api.pages(f"/members?q={text}&limit={limit}", token=token)
            assert len({member["id"] for member in found}) == len(found) == hits, (text, limit)


async def test_a_page_without_hits_may_still_go_on(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "STRETCH", 2)
    token = await joined(api)
    first = await api.done("GET", "/members?q=an%20ant", token=token)
    assert first["next"] is not None or first["items"] != []
    found = await api.pages("/members?q=an%20ant", token=token)
    assert [member["first_name"] for member in found] == ["Andy"]
