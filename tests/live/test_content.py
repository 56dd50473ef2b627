"""A message or note whose row is gone keeps nobody from hearing what came after it."""

import pytest

from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import of_business
from shopbell.kernel.transaction import Transaction
from shopbell.live import reread, resume
from shopbell.live.told import Told
from tests.desk_world import ANN, Step, found, play, settled

STEPS = [Step("post", 0, 0, 1), Step("claim", ANN, 0, 0), Step("note", ANN, 0, 0), Step("post", 0, 0, 2)]


def forget(tx: Transaction, business_id: str, table: str) -> list[int]:
    """Drop the oldest row of that table; its number."""
    (seq,) = tx.rows(f"SELECT min(seq) FROM {table} WHERE business_id = :id", id=business_id)[0]
    tx.run(f"DELETE FROM {table} WHERE business_id = :id AND seq = :seq", id=business_id, seq=seq)
    return [seq]


@pytest.mark.parametrize("table", ["messages", "notes"])
async def test_what_lost_its_row_is_passed_over_on_every_way(database_url: str, table: str) -> None:
    desk = Desk(open_database(database_url))
    desk.start()
    try:
        world = await desk.do(None, found)
        business_id, staff = world.business_id, world.staff[ANN]
        await play(desk, world, STEPS)
        await settled(desk)
        before = await desk.read(resume.page, staff, business_id, 0)
        gone = await desk.do(business_id, forget, business_id, table)
        page = await desk.read(resume.page, staff, business_id, 0)
        again = await desk.read_for(of_business(business_id), reread.after, business_id, 0)
    finally:
        await desk.stop()
    assert page.frames == [(seq, frame) for seq, frame in before.frames if seq not in gone]
    assert page.position == before.position > gone[0]
    assert [told for told in again if told.seq in gone] == [Told(business_id, seq) for seq in gone]
    assert [told.seq for told in again] == list(range(1, again[-1].seq + 1))
