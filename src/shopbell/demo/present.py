"""What is going on in a shop at this moment: tickets that wait, that are pulled, that somebody works on."""

from shopbell.demo.content import Dialogue
from shopbell.demo.plan import Episode, StaffRead, Step
from shopbell.demo.stage import Stage, Visitor
from shopbell.demo.story import at_once, opening_lines, shifted, unfinished_lines, with_reading
from shopbell.kernel.clock import HOUR, MINUTE, SECOND
from shopbell.tickets.rules import Outcome, State


def waiting(stage: Stage, visitor: Visitor, pulled_at: int) -> Episode:
    """Said after the last pull, so that it still waits."""
    dialogue, steps = _opened(stage, visitor)
    earliest = pulled_at + MINUTE + steps[-1].at - steps[0].at
    ends_at = stage.random.randrange(earliest, stage.now - 10 * SECOND)
    return _ending(dialogue, State.WAITING, steps, ends_at)


def pulled(stage: Stage, visitor: Visitor, pulled_at: int) -> Episode:
    """Said before the last pull, and in nobody's hands yet."""
    dialogue, steps = _opened(stage, visitor)
    ends_at = pulled_at - stage.random.randrange(MINUTE, HOUR)
    return _ending(dialogue, State.PULLED, steps, ends_at)


def assigned(stage: Stage, visitor: Visitor) -> Episode:
    """In the middle of it; the holder may not have read the last of it yet."""
    dialogue = stage.dealt(visitor, lambda one: one.outcome is Outcome.RESOLVED)
    story = stage.story(dialogue, visitor, stage.now, at_once)
    story.tell(unfinished_lines(dialogue, stage.random))
    steps = with_reading(story.steps, stage.random)
    if stage.random.random() < 0.5:
        steps.append(StaffRead(steps[-1].at + 20 * SECOND, story.holder.email))
    hours_ago = stage.random.choice((0.2, 0.5, 1, 2, 4))
    ends_at = stage.now - stage.random.randrange(30 * SECOND, int(hours_ago * HOUR))
    return _ending(dialogue, State.ASSIGNED, steps, ends_at)


def _opened(stage: Stage, visitor: Visitor) -> tuple[Dialogue, list[Step]]:
    dialogue = stage.dealt(visitor, lambda one: bool(opening_lines(one)) and one.outcome is Outcome.RESOLVED)
    story = stage.story(dialogue, visitor, stage.now, at_once)
    story.tell(opening_lines(dialogue))
    return dialogue, story.steps


def _ending(dialogue: Dialogue, state: State, steps: list[Step], ends_at: int) -> Episode:
    return Episode(dialogue.id, state, tuple(shifted(steps, ends_at - steps[-1].at)))
