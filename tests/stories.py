"""How many examples hypothesis tries, and state machines for a bounded time."""

import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

_AT_ONCE = 5


def examples(some: int, many: int) -> int:
    """So many generated examples: some in `make test`, many in `make soak`."""
    return many if settings.get_current_profile_name() == "others" else some


def tell(machine: Callable[[], RuleBasedStateMachine], *, stories: int, steps: int) -> None:
    """So many stories, the same ones every time in `make test`."""
    run_state_machine_as_test(machine, settings=_settings(stories, steps))


def tell_for(machine: Callable[[], RuleBasedStateMachine], *, seconds: float, steps: int) -> None:
    """Others every time, a few at once, as long as there is time to begin some. (Hypothesis itself counts only, and
    takes it ill when a story ends because of the clock.)"""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        run_state_machine_as_test(machine, settings=settings(_settings(_AT_ONCE, steps), derandomize=False))


def _settings(stories: int, steps: int) -> settings:
    return settings(
        max_examples=stories,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
