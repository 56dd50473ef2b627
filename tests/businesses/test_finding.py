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


async def test_a_page_without_hits_still_leads_on(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "STRETCH", 1)
    token = await joined(api)
    sizes, after = [], ""
    while True:
        page = await api.done("GET", f"/members?q=an%20b{after}", token=token)
        sizes.append(len(page["items"]))
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sum(sizes) == 3
    assert 0 in sizes[:-1]
