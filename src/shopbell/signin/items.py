"""How a person looks from outside."""

from typing import Self

import msgspec

from shopbell.signin.actors import Person
from shopbell.signin.store import Account


class PersonItem(msgspec.Struct, frozen=True):
    """A person as the product names them to themselves and to businesses that know them."""

    id: str
    first_name: str
    last_name: str

    @classmethod
    def of(cls, person: Person | Account) -> Self:
        return cls(person.id, person.first_name, person.last_name)
