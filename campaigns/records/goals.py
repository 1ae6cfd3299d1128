"""The next number to reach."""

from itertools import count as count_from

FIRST_STEPS = (200, 500, 1_000, 1_500, 2_500, 5_000, 7_500)
# From ten thousand on, the same steps in every power of ten.
LATER_STEPS = (10, 15, 25, 35, 50, 75)


def next_goal(signatures: int) -> int:
    """The first goal above a number of signatures: reaching 200 sets the goal to 500."""
    for step in FIRST_STEPS:
        if signatures < step:
            return step
    for power in count_from(3):
        for step in LATER_STEPS:
            if signatures < step * 10**power:
                return step * 10**power
    raise AssertionError("the powers of ten are endless")


def milestones(signatures: int) -> list[int]:
    """The goals already reached, smallest first."""
    reached = []
    goal = next_goal(0)
    while goal <= signatures:
        reached.append(goal)
        goal = next_goal(goal)
    return reached
