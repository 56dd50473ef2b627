"""One conversation of the plan, written step by step with the commands its people would have used."""

from collections.abc import Mapping

from shopbell.conversations import commands as conversing
from shopbell.conversations import store as conversations
from shopbell.conversations.rules import Sent
from shopbell.demo.plan import (
    Blocked,
    Claimed,
    Closed,
    Noted,
    PersonRead,
    PersonSaid,
    Prioritised,
    Rated,
    Released,
    Reopened,
    StaffRead,
    StaffSaid,
    Step,
    TakenOver,
    Transferred,
    Withdrawn,
)
from shopbell.kernel.errors import NotFound, Refusal
from shopbell.kernel.transaction import Transaction
from shopbell.loop import commands as loop
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from shopbell.tickets import commands as working
from shopbell.tickets import store as tickets
from shopbell.tickets import thread as said
from shopbell.tickets.posting import Post, post


class Thread:
    """The conversation of a person with a business; `staff` by e-mail."""

    def __init__(self, business_id: str, person: Person, staff: Mapping[str, Staff]) -> None:
        self._business_id = business_id
        self._person = person
        self._staff = staff
        self._last_said = ""

    def take(self, tx: Transaction, step: Step) -> None:
        """Do what the step says, at the time of the transaction. Raises the Refusal of its command."""
        match step:
            case PersonSaid():
                self._post(tx, self._person, step.nonce, step.text)
            case StaffSaid():
                self._last_said = self._post(tx, self._staff[step.by], step.nonce, step.text).id
            case PersonRead():
                self._read(tx, self._person)
            case StaffRead():
                self._read(tx, self._staff[step.by])
            case Rated():
                comment = step.feedback.comment or None
                working.give_feedback(
                    tx, self._person, self._business_id, self._ticket(tx), step.feedback.rating, comment
                )
            case _:
                self._work(tx, step)

    def _work(self, tx: Transaction, step: Step) -> None:
        """What a colleague does with the ticket, besides writing to the customer."""
        match step:
            case Noted():
                working.note(tx, self._staff[step.by], self._ticket(tx), step.nonce, step.text)
            case Claimed():
                self._assign(tx, step.by, None, None)
            case Transferred():
                self._assign(tx, step.by, step.to, step.note)
            case TakenOver():
                working.assign(tx, self._staff[step.by], self._ticket(tx), None, note=step.note, take_over=True)
            case Released():
                working.release(tx, self._staff[step.by], self._ticket(tx))
            case Prioritised():
                working.prioritise(tx, self._staff[step.by], self._ticket(tx), step.priority)
            case Withdrawn():
                said.withdraw(tx, self._staff[step.by], self._id(tx), self._last_said)
            case Closed():
                working.close(tx, self._staff[step.by], self._ticket(tx), step.outcome, None)
            case Reopened():
                working.reopen(tx, self._staff[step.by], self._ticket(tx))
            case Blocked():
                loop.block(tx, self._staff[step.by], self._person.id)

    def _assign(self, tx: Transaction, by: str, to: str | None, note: str | None) -> None:
        to_id = self._staff[to].id if to else None
        working.assign(tx, self._staff[by], self._ticket(tx), to_id, note=note, take_over=False)

    def _post(self, tx: Transaction, author: Person | Staff, nonce: str, text: str) -> Sent:
        outcomes: list[Sent | Refusal] = post(tx, [Post(author, self._opened(tx, author), nonce, text)])
        outcome = outcomes[0]
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    def _read(self, tx: Transaction, reader: Person | Staff) -> None:
        """Have everything so far on the reader's screen: delivered, then read."""
        thread_id = self._id(tx)
        newest = conversations.last_seq(tx, self._business_id, thread_id)
        said.mark_delivered(tx, reader, thread_id, newest)
        said.mark_read(tx, reader, thread_id, newest)

    def _opened(self, tx: Transaction, author: Person | Staff) -> str:
        if isinstance(author, Staff):
            return conversing.open_as_staff(tx, author, self._person.id)[0].id
        return conversing.open_as_person(tx, author, self._business_id)[0].id

    def _id(self, tx: Transaction) -> str:
        found = conversations.between(tx, self._business_id, self._person.id)
        if found is None:
            raise NotFound
        return found.id

    def _ticket(self, tx: Transaction) -> str:
        """The id of the newest ticket, which every step is about."""
        found = tickets.newest_in(tx, self._business_id, self._id(tx))
        if found is None:
            raise NotFound
        return found.id
