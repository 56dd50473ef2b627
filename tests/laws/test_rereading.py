"""The rereading law: what a process missed is read from the log as every audience would have been told of it."""

from hypothesis import given

from shopbell.kernel.events import Recorded
from shopbell.kernel.scope import of_business
from shopbell.live import reread
from shopbell.live.told import told
from tests.desk_world import Step, found, play, settled
from tests.laws.conftest import Bench
from tests.laws.steps import enough, lives


@given(steps=lives)
@enough(smoke=240, short=4_000, long=40_000)
def test_what_is_read_again_is_what_was_told(bench: Bench, steps: list[Step]) -> None:
    bench.run(_lived(bench, steps))


async def _lived(bench: Bench, steps: list[Step]) -> None:
    desk = bench.desk
    world = await desk.do(None, found)
    scope = of_business(world.business_id)
    recorded: list[Recorded] = []
    desk.hear(recorded.extend)
    for step in steps:
        # One by one, since a message that is withdrawn later is read again without its text.
        await play(desk, world, [step])
        await settled(desk)
        ours = [one for one in recorded if one.business_id == world.business_id]
        recorded.clear()
        if ours:
            again = await desk.read_for(scope, reread.after, world.business_id, ours[0].seq - 1)
            assert again == told(desk.epoch, ours)
