"""The sheet that says who can sign in to the demo, and how."""

import unicodedata
from collections import Counter

from shopbell.demo.plan import Person, Shop, Town

MEMBERS_SHOWN = 8


def sheet(town: Town) -> str:
    """All staff by shop, and some members who talk to several shops."""
    return "\n".join([
        f"{town.text.name}, an invented town. Everybody's password is: {town.text.password}",
        *(line for shop in town.shops for line in _shop(shop, town)),
        *_members(town),
        "",
    ])  # fmt: skip


def _shop(shop: Shop, town: Town) -> list[str]:
    return [
        "",
        f"{shop.text.name} ({shop.text.category})",
        *(
            f"  {one.person.role:<9} {one.email}  {one.person.first_name} {one.person.last_name}"
            for one in town.staff
            if one.shop == shop.text.trade and one.left_at is None
        ),
    ]


def _members(town: Town) -> list[str]:
    """The busiest member of each script, for as many scripts as are shown."""
    shops = Counter(conversation.email for conversation in town.conversations)
    busiest: dict[str, Person] = {}
    for person in sorted(town.people, key=lambda person: -shops[person.email]):
        busiest.setdefault(_script(person.first_name), person)
    return [
        "",
        f"{len({one.email for one in town.memberships})} members, among them",
        *(
            f"  {person.email}  {person.first_name} {person.last_name}"
            for person in [*busiest.values()][:MEMBERS_SHOWN]
        ),
    ]


def _script(name: str) -> str:
    """The first word of the Unicode name of its first character: LATIN, ARABIC, CJK, HANGUL ..."""
    return unicodedata.name(name[0]).split()[0]
