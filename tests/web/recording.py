"""Lives of a desk written down as one screen of each side heard them, for the fold of the pages to be tried on."""

import asyncio
import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import shopbell
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from tests.desk_world import ANN, BOB, OWNER, Step, found, play, settled
from tests.engines import SqliteTemplate
from tests.laws.conftest import Bench
from tests.laws.fold import Json
from tests.laws.screens import fetched, listening
from tests.quick import quick_folder

RECORDED = Path(shopbell.__file__).parent / "web" / "ts" / "live" / "recorded"
# A life in which everything happens that screens draw.
TOUR = [
    [Step("open", ANN, 3, 0), Step("join", ANN, 0, 0), Step("join", ANN, 1, 0)],
    [Step("post", ANN, at, how) for at in range(3) for how in (1, 2)] + [Step("say", ANN, 3, 1)],
    [Step("pull", ANN, 0, 0), Step("claim", ANN, 0, 0), Step("claim", BOB, 1, 0), Step("prioritise", ANN, 0, 3)],
    [Step("deliver", ANN, 0, 1), Step("read", ANN, 3, 5), Step("read", ANN, 0, 0), Step("note", ANN, 0, 0)],
    [Step("say", ANN, 3, 0), Step("read", ANN, 3, 2), Step("withdraw", ANN, 3, 0), Step("withdraw", ANN, 0, 0)],
    [Step("transfer", OWNER, 1, 7), Step("release", ANN, 0, 0), Step("claim", ANN, 0, 0), Step("close", ANN, 0, 0)],
    [Step("post", ANN, 0, 5), Step("upload", ANN, 2, 1), Step("say", ANN, 2, 1), Step("withdraw", ANN, 0, 0)],
    [Step("rate", ANN, 0, 3), Step("close", OWNER, 1, 1), Step("reopen", OWNER, 1, 0), Step("close", OWNER, 1, 0)],
    [Step("post", ANN, at, 4) for at in range(3)] + [Step("say", ANN, 3, 3), Step("change", ANN, 3, 2)],
    [Step("block", OWNER, 0, 0), Step("leave", ANN, 1, 0), Step("unblock", OWNER, 0, 0), Step("block", OWNER, 1, 0)],
    [Step("join", ANN, 1, 0), Step("sign_out", BOB, 0, 0), Step("rate", ANN, 1, 2)],
]


def recorded(bench: Bench, batches: Sequence[Sequence[Step]]) -> list[Json]:
    """For one colleague and each person: what was fetched `first`, then for each batch `frames` and what was `after`.

    `conversation_ids` are those whose threads are on the screen from the beginning.
    """
    return bench.run(_lived(bench, batches))


async def _lived(bench: Bench, batches: Sequence[Sequence[Step]]) -> list[Json]:
    desk = bench.desk
    world = await desk.do(None, found)
    actors: list[Staff | Person] = [world.staff[ANN], *world.people]

    with listening(bench.hub, actors) as ears:
        streams: list[Json] = [
            {
                "side": "staff" if isinstance(actor, Staff) else "person",
                "business_id": world.business_id,
                "first": await desk.read(fetched, actor, world.business_id),
                "frames": [],
                "after": [],
            }
            for actor in actors
        ]
        for batch in batches:
            await play(desk, world, batch)
            await settled(desk)
            for stream, ear in zip(streams, ears, strict=True):
                stream["frames"].append(ear.taken())
                stream["after"].append(await desk.read(fetched, ear.actor, world.business_id))
    for stream in streams:
        stream["conversation_ids"] = sorted(_shown(stream))
    return streams


def _shown(stream: Json) -> set[str]:
    """A person's app shows threads as they begin; for the console to hear all of them they are open from the start."""
    if stream["side"] == "person":
        return set(stream["first"]["conversations"])
    return {
        each for snapshot in (stream["first"], *stream["after"]) for each in (*snapshot["threads"], *snapshot["marks"])
    }


def main() -> None:
    """Keep the tour of the colleague and of the first person, for the tests that run without a server."""
    with quick_folder() as folder, asyncio.Runner() as runner:
        bench = Bench(SqliteTemplate(folder).copy_to(folder), runner)
        desk, person, *_ = recorded(bench, [TOUR[0], [*chain(*TOUR[1:5])], [*chain(*TOUR[5:])]])
        bench.run(bench.desk.stop())
    RECORDED.mkdir(exist_ok=True)
    for stream in (desk, person):
        text = json.dumps(stream, ensure_ascii=False, separators=(",", ":"))
        (RECORDED / f"{stream['side']}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
