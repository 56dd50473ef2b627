"""The plan of a filled town: who exists, and what happens when. Times are microseconds since the epoch."""

import msgspec

from shopbell.demo.content import Employee, Feedback, ShopText, TownText
from shopbell.tickets.rules import Outcome, Priority, State


class Plan(msgspec.Struct, frozen=True):
    """The base of every part of the plan."""


class Shop(Plan, frozen=True):
    """A shop and when it registered."""

    text: ShopText
    opened_at: int


class StaffMember(Plan, frozen=True):
    """One who works in the shop of that trade; `email` is the login."""

    shop: str
    email: str
    mobile: str
    person: Employee
    added_at: int
    left_at: int | None = None


class Person(Plan, frozen=True):
    """A consumer, known by their e-mail."""

    email: str
    first_name: str
    last_name: str
    signed_up_at: int


class Membership(Plan, frozen=True):
    """A person's time in the Loop of a shop."""

    shop: str
    email: str
    joined_at: int
    left_at: int | None = None


class Pull(Plan, frozen=True):
    """Somebody brings every waiting ticket of the shop into the panel."""

    shop: str
    by: str
    at: int


class Step(Plan, frozen=True):
    """Something that happens in a conversation; `by` is the e-mail of who does it, among the staff."""

    at: int


class PersonSaid(Step, frozen=True):
    text: str
    nonce: str


class StaffSaid(Step, frozen=True):
    by: str
    text: str
    nonce: str


class Noted(Step, frozen=True):
    by: str
    text: str
    nonce: str


class Claimed(Step, frozen=True):
    by: str


class Transferred(Step, frozen=True):
    """Handed by its holder to `to`."""

    by: str
    to: str
    note: str


class TakenOver(Step, frozen=True):
    """Taken from its holder by an Owner or a Manager."""

    by: str
    note: str


class Released(Step, frozen=True):
    by: str


class Prioritised(Step, frozen=True):
    by: str
    priority: Priority


class Withdrawn(Step, frozen=True):
    """The last thing `by` said is taken back."""

    by: str


class Closed(Step, frozen=True):
    by: str
    outcome: Outcome


class Reopened(Step, frozen=True):
    by: str


class Rated(Step, frozen=True):
    """The person's feedback on the last closure."""

    feedback: Feedback


class Blocked(Step, frozen=True):
    """The person may no longer write to the shop."""

    by: str


class PersonRead(Step, frozen=True):
    """The person has read everything up to here."""


class StaffRead(Step, frozen=True):
    """The holder has read everything up to here."""

    by: str


class Episode(Plan, frozen=True):
    """One ticket: the dialogue it follows, the state it ends in, and its steps in order of time."""

    dialogue: str
    state: State
    steps: tuple[Step, ...]

    @property
    def starts_at(self) -> int:
        return self.steps[0].at

    @property
    def ends_at(self) -> int:
        return self.steps[-1].at


class Conversation(Plan, frozen=True):
    """All that one person and one shop had to say to each other."""

    shop: str
    email: str
    episodes: tuple[Episode, ...]


class Town(Plan, frozen=True):
    """Everything there is; the parts refer to shops by trade and to people by e-mail."""

    text: TownText
    built_at: int
    shops: tuple[Shop, ...]
    staff: tuple[StaffMember, ...]
    people: tuple[Person, ...]
    memberships: tuple[Membership, ...]
    conversations: tuple[Conversation, ...]
    pulls: tuple[Pull, ...]
