"""What protects passwords, tried at its own surface because time and threads are what matters."""

import asyncio
import threading
import time

from shopbell.kernel.errors import TooMany
from shopbell.signin.passwords import AT_ONCE, FULL, LOW, Cost, Passwords

HARD = Cost(passes=2, memory_kib=16_384)


async def test_passwords_are_hashed_as_strongly_as_promised() -> None:
    stored = await Passwords(FULL, line=None).hashed("correct horse")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


async def test_only_the_same_password_matches() -> None:
    passwords = Passwords(LOW, line=None)
    stored = await passwords.hashed("e\u0301 \U0001f511")
    assert await passwords.match("e\u0301 \U0001f511", stored)
    assert not await passwords.match("\u00e9 \U0001f511", stored)
    assert stored != await passwords.hashed("e\u0301 \U0001f511")


async def test_passwords_stored_at_another_cost_still_match() -> None:
    stored = await Passwords(LOW, line=None).hashed("correct horse")
    assert await Passwords(HARD, line=None).match("correct horse", stored)


async def test_nobodys_password_takes_as_long_to_refuse_as_a_wrong_one() -> None:
    passwords = Passwords(HARD, line=None)
    stored = await passwords.hashed("correct horse")

    async def work(stored: str | None) -> float:
        # The processor's time, which a busy machine does not stretch as it does the wall's.
        begun = time.process_time()
        assert not await passwords.match("wrong horse", stored)
        return time.process_time() - begun

    pairs = [(await work(None), await work(stored)) for _ in range(9)]
    nobodys, wrong = (min(times) for times in zip(*pairs, strict=True))
    assert 0.5 < nobodys / wrong < 2


async def test_who_finds_the_line_full_is_told_to_come_back() -> None:
    passwords = Passwords(HARD, line=5)
    outcomes = await asyncio.gather(*(passwords.hashed("correct horse") for _ in range(9)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, TooMany)]
    assert len(refused) == 4
    assert refused[0].extra["retry_after"] > 0
    assert await passwords.hashed("correct horse")


async def test_no_more_than_two_are_hashed_at_once() -> None:
    passwords = Passwords(HARD, line=None)
    before = threading.active_count()
    hashing = asyncio.gather(*(passwords.hashed("correct horse") for _ in range(20)))
    await asyncio.sleep(0)
    assert threading.active_count() - before <= AT_ONCE
    await hashing


async def test_the_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = Passwords(FULL, line=None)
    hashing = asyncio.create_task(passwords.hashed("correct horse"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
