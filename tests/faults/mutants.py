"""Faults to plant, one small change of the source each, and the test that has to see it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.sizes import Engine

SOURCE: Final = Path(__file__).parents[2] / "src"


class DoesNotFit(Exception):
    """The text to replace does not stand in the source exactly once, so the fault is no longer planted."""


@dataclass(frozen=True)
class Mutant:
    """`old` becomes `new` in `file`, below src/shopbell; then `test` on `engine` must say that `promise` is broken.

    `also` are further changes of the same file, for what is done in two ways.
    """

    promise: str
    name: str
    file: str
    old: str
    new: str
    test: str
    engine: Engine = "sqlite"
    also: tuple[tuple[str, str], ...] = ()

    def fits(self) -> None:
        """Raise `DoesNotFit` unless each text is there exactly once."""
        for old, _ in self._changes:
            found = (SOURCE / "shopbell" / self.file).read_text().count(old)
            if found != 1:
                raise DoesNotFit(f"{self.promise} {self.name}: {found} times in {self.file}: {old!r}")

    def planted(self, folder: Path) -> Path:
        """A copy of the source with the fault in it, to be put on the path before the real one."""
        self.fits()
        copy = folder / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        file = copy / "shopbell" / self.file
        text = file.read_text()
        for old, new in self._changes:
            text = text.replace(old, new)
        file.write_text(text)
        return copy

    @property
    def _changes(self) -> tuple[tuple[str, str], ...]:
        return ((self.old, self.new), *self.also)


MUTANTS: Final[tuple[Mutant, ...]] = (
    Mutant(
        "G1", "acknowledging before the commit", "kernel/writer.py",
        """            tx.save()
            connection.commit()
""",
        """            tx.save()
            if len(calls) > 4:
                self._deliver(Batch(calls, outcomes, tx.recorded, tx.signals, left_jobs=False))
                __import__("time").sleep(0.02)
            connection.commit()
""",
        "test_g01_kill.py",
    ),
    Mutant(
        "G2", "commits that do not wait for the disk", "kernel/sqlite.py",
        '"synchronous = FULL"', '"synchronous = NORMAL"', "test_g02_powercut.py",
    ),
    Mutant(
        "G2", "files that are not waited for", "kernel/files.py",
        "        incoming.sync()\n", "", "test_g02_powercut.py",
    ),
    Mutant(
        "G2", "names of files that are not waited for", "kernel/files.py",
        "        _sync_folder(path.parent)\n", "", "test_g02_powercut.py",
    ),
    Mutant(
        "G3", "a resume that skips one event", "live/resume.py",
        "return Start(business_id, at, sent, resync=False, missed=at < head)",
        "return Start(business_id, at + 1, sent, resync=False, missed=at < head)",
        "test_g03_resume.py",
    ),
    Mutant(
        "G3", "a resume that repeats one event", "live/resume.py",
        "return Start(business_id, at, sent, resync=False, missed=at < head)",
        "return Start(business_id, max(at - 1, floor), sent, resync=False, missed=True)",
        "test_g03_resume.py",
    ),
    Mutant(
        "G3", "a stale cursor taken for now, without a word", "live/resume.py",
        "return Start(business_id, head, newest, resync=True, missed=False)",
        "return Start(business_id, head, newest, resync=False, missed=False)",
        "test_g03_resume.py",
    ),
    Mutant(
        "G3", "what the catch-up read told once more when it is published", "live/stream.py",
        "if seq > self.told.get(business_id, 0):",
        "if business_id:",
        "test_g03_resume.py",
    ),
    Mutant(
        "G3", "a gap that is left for the next look at the heads", "live/following.py",
        "if followed.course.has_gap:",
        "if False:",
        "test_g03_bus.py", "cluster",
    ),
    Mutant(
        "G3", "no look at the heads", "live/following.py",
        "followed.beginning is None and followed.course.position < head:",
        "False:",
        "test_g03_bus.py", "cluster",
    ),
    Mutant(
        "G3", "no look for businesses that people came to unheard", "live/room.py",
        "for person_id, business_id in await self.desk.read_for(HOUSE, resume.met, asked):",
        "for person_id, business_id in ():",
        "test_g03_bus.py", "cluster",
    ),
    Mutant(
        "G4", "no look at the nonce", "tickets/posting.py",
        "if before := self._sent.get(key):",
        "if (before := self._sent.get(key)) and False:",
        "test_g04_nonce.py",
    ),
    Mutant(
        "G4", "another body answered like a retry", "tickets/posting.py",
        "return answer_again(before[0], before[1], mark)",
        "return before[0]",
        "test_g04_nonce.py",
    ),
    Mutant(
        "G5", "a claim that does not look who holds the ticket", "tickets/rules.py",
        "if ticket.holder is not None and ticket.holder.id != by.id and not take_over:",
        "if False:",
        "test_g05_claim.py",
    ),
    Mutant(
        "G5", "a reply that does not look who holds the ticket", "tickets/rules.py",
        """    if ticket.holder is not None and ticket.holder.id != staff.id:
        raise HeldByColleague(ticket.holder)


def pulled""",
        """    return


def pulled""",
        "test_g05_claim.py",
    ),
    Mutant(
        "G5", "heads locked in any order", "kernel/transaction.py",
        "            self.heads.update(self.rows(HEADS + self._connection.for_update, ids=list(business_ids)))",
        """            for one in __import__("random").sample(business_ids, len(business_ids)):
                self.heads.update(self.rows(HEADS + self._connection.for_update, ids=[one]))""",
        "test_g05_order.py", "cluster",
    ),
    Mutant(
        "Jobs", "jobs taken that another process is taking", "kernel/postgres.py",
        'skip_locked = " FOR UPDATE SKIP LOCKED"',
        'skip_locked = ""',
        "test_jobs.py", "cluster",
    ),
    Mutant(
        "G9", "tickets found without their business", "tickets/store.py",
        "WHERE t.id = :id AND t.business_id = :business_id",
        "WHERE t.id = :id AND :business_id <> ''",
        "test_g09_tenants.py",
    ),
    Mutant(
        "G9", "threads open to every business", "tickets/posting.py",
        "mine = thread.business_id == author.business_id",
        "mine = True",
        "test_g09_tenants.py",
    ),
    Mutant(
        "G9", "attachments handed to every business", "conversations/attachment_store.py",
        "WHERE a.id = :id AND a.business_id = :business_id",
        "WHERE a.id = :id AND :business_id <> ''",
        "test_g09_tenants.py",
    ),
    Mutant(
        "G9", "attachments handed to every person", "conversations/attachment_store.py",
        "WHERE a.id = :id AND c.person_id = :person_id",
        "WHERE a.id = :id",
        "test_g09_tenants.py",
    ),
    Mutant(
        "G10", "ended sessions not told to open sockets", "live/room.py",
        "self.desk.hear_signal(SessionsEnded, self._end)",
        "pass",
        "test_g10_rights.py",
    ),
    Mutant(
        "G10", "ended sessions neither told to other processes nor looked for there", "live/relay.py",
        "await self._look(doubts > 0 or not self._bus.is_up)",
        "pass",
        "test_g10_rights.py", "cluster",
        also=(("if isinstance(signal, SessionsEnded | StaffChanged):", "if False:"),),
    ),
    Mutant(
        "G10", "no look for sessions that ended unheard", "live/relay.py",
        "await self._look(doubts > 0 or not self._bus.is_up)",
        "pass",
        "test_g10_bus.py", "cluster",
    ),
    Mutant(
        "G13", "a lost connection that is never opened again", "kernel/postgres.py",
        "        if self._raw.closed:",
        "        if False:",
        "test_g13_down.py", "cluster",
    ),
    Mutant(
        "G13", "a silent database that is waited for", "kernel/patience.py",
        "PATIENCE_SECONDS = 2.0", "PATIENCE_SECONDS = 60.0", "test_g13_down.py", "postgres",
    ),
    Mutant(
        "G13", "a bucket whose state nobody looks at", "health.py",
        "failing = neighbours.failing if await _reachable(files) else",
        "failing = neighbours.failing if True else",
        "test_g13_down.py", "cluster",
    ),
    Mutant(
        "G13", "a silent bucket that is waited for", "kernel/bucket.py",
        "ANSWER_SECONDS = 4\n", "ANSWER_SECONDS = 40\n", "test_g13_down.py", "cluster",
    ),
    Mutant(
        "G13", "a bus whose state nobody looks at", "live/relay.py",
        'return [] if self._bus.is_up else ["nats"]',
        "return []",
        "test_g13_down.py", "cluster",
    ),
    Mutant(
        "G14", "outboxes without bounds", "live/outbox.py",
        "if len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:",
        "if False:",
        "test_g14_slow_reader.py",
    ),
    Mutant(
        "G16", "a stop that waits for no request", "serving.py",
        "GRACE_SECONDS = 7", "GRACE_SECONDS = 0", "test_g16_sigterm.py",
    ),
    Mutant(
        "G16", "a migration that waits in front of everybody", "migrations/__init__.py",
        'LOCK_TIMEOUT = "500ms"', 'LOCK_TIMEOUT = "0"', "test_g16_versions.py", "cluster",
    ),
    Mutant(
        "G16", "a schema that is ahead not served", "migrations/__init__.py",
        "return Standing.BEYOND if oldest and", "return Standing.BEYOND if True or", "test_g16_versions.py", "cluster",
    ),
    Mutant(
        "G20", "blank texts taken", "kernel/http/fields.py",
        "Text = Annotated[str, Meta(min_length=1, max_length=8_000, pattern=NOT_BLANK)]",
        "Text = Annotated[str, Meta(min_length=1, max_length=8_000, pattern=NO_NUL)]",
        "test_g20_strings.py",
    ),
    Mutant(
        "G20", "unknown fields overlooked", "kernel/http/fields.py",
        "class Body(Struct, frozen=True, forbid_unknown_fields=True):",
        "class Body(Struct, frozen=True):",
        "test_g20_malformed.py",
    ),
    Mutant(
        "G20", "refusals the document does not tell of", "kernel/http/openapi.py",
        '    if "{" in path:', "    if False:", "test_g20_schema.py",
    ),
)  # fmt: skip
