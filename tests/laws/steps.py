"""Steps to try the laws with, and how many of them."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.desk_world import ACTS, BOB, MARKETER, Step
from tests.faults.sizes import SIZE, figure

# Work that brings a desk into interesting states comes more often than what ends or forbids it.
OFTEN = ("post",) * 14 + ("say", "claim", "pull", "open", "close", "close", "reopen") + ("read",) * 4
KINDS = (*OFTEN, *ACTS)
STEPS_IN_AN_EXAMPLE = 40

step = st.builds(
    Step,
    kind=st.sampled_from(KINDS),
    who=st.sampled_from([*range(BOB + 1), *range(BOB + 1), MARKETER]),
    which=st.integers(0, 5),
    how=st.integers(0, 7),
)
# Shrinking a life takes minutes: in the everyday run a broken law is to be red at once.
PHASES = tuple(phase for phase in Phase if SIZE != "smoke" or phase not in (Phase.shrink, Phase.explain))

lives = st.lists(step, min_size=STEPS_IN_AN_EXAMPLE, max_size=STEPS_IN_AN_EXAMPLE)


def enough(*, smoke: int, short: int, long: int) -> settings:
    """So many steps in total, in examples of STEPS_IN_AN_EXAMPLE."""
    steps = figure(smoke=smoke, short=short, long=long)
    return settings(
        max_examples=max(1, steps // STEPS_IN_AN_EXAMPLE),
        phases=PHASES,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
