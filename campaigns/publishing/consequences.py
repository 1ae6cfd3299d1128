"""What a change sets going that nobody can undo, for commands, which ask no one's browser.

Each part that does such things registers a function. It is called before the change; what it
returns, after: how many people are concerned, and what will happen to them, in a sentence.
"""

from collections.abc import Callable

Told = tuple[int, str]
Weigher = Callable[[], Callable[[], Told]]

_weighers: list[Weigher] = []


def weigher(weigh: Weigher) -> Weigher:
    _weighers.append(weigh)
    return weigh


def begin() -> list[Callable[[], Told]]:
    return [weigh() for weigh in _weighers]
