"""What is over in a shop: tickets that were opened, worked on and closed within the last weeks."""

from shopbell.demo.content import Dialogue, Feedback
from shopbell.demo.plan import Episode, PersonRead
from shopbell.demo.stage import LONGEST, Stage, Visitor
from shopbell.demo.story import in_hours, with_reading
from shopbell.kernel.clock import DAY, HOUR, MINUTE
from shopbell.tickets.rules import Outcome, State

SPAN = 42 * DAY
TRIES = 20
# Chances, each out of 1.
WRITES_WHILE_OPEN = 0.8
COMES_BACK_ABOUT_IT = 0.8
GIVES_FEEDBACK = 0.65
READS_THE_END = 0.85


def closed(stage: Stage, visitor: Visitor, wanted: int, until: int) -> list[Episode]:
    """Up to `wanted` episodes, one after another, all over before `until`."""
    told: list[Episode] = []
    earliest = stage.now - SPAN
    played: set[str] = set()
    for left in reversed(range(wanted)):
        dialogue = _next(stage, visitor, told, played)
        played.add(dialogue.id)
        episode = _fitted(stage, dialogue, visitor, earliest, until - left * LONGEST)
        if episode is not None:
            told.append(episode)
            earliest = episode.ends_at + 20 * HOUR
    return told


def _next(stage: Stage, visitor: Visitor, told: list[Episode], played: set[str]) -> Dialogue:
    about_it = stage.follow_up(told[-1].dialogue) if told else None
    if about_it and about_it.id not in played and stage.random.random() < COMES_BACK_ABOUT_IT:
        return about_it
    return stage.dealt(visitor, lambda one: one.id not in played)


def _fitted(stage: Stage, dialogue: Dialogue, visitor: Visitor, earliest: int, until: int) -> Episode | None:
    """The dialogue somewhere between the two moments; None where it proves too long for that."""
    if earliest >= until:
        return None
    for tried in range(TRIES):
        latest = until - (until - earliest) * tried // TRIES
        episode = _told(stage, dialogue, visitor, stage.random.randrange(earliest, latest))
        if episode.ends_at < until:
            return episode
    return None


def _told(stage: Stage, dialogue: Dialogue, visitor: Visitor, at: int) -> Episode:
    random, opening = stage.random, stage.opening
    while_open = random.random() < WRITES_WHILE_OPEN
    possible = opening.open_from(at) if while_open else opening.awake_from(at)
    start = at if possible == at else possible + random.randrange(3 * MINUTE, 3 * HOUR)
    story = stage.story(dialogue, visitor, start, in_hours(opening, random))
    story.tell(dialogue.lines)
    story.close(dialogue.outcome, _feedback(stage, dialogue))
    steps = with_reading(story.steps, random)
    if random.random() < READS_THE_END:
        steps.append(PersonRead(steps[-1].at + random.randrange(MINUTE, 3 * HOUR)))
    return Episode(dialogue.id, State.CLOSED, tuple(steps))


def _feedback(stage: Stage, dialogue: Dialogue) -> Feedback | None:
    if dialogue.outcome is Outcome.ABANDONED or stage.random.random() >= GIVES_FEEDBACK:
        return None
    return stage.random.choice(dialogue.feedback)
