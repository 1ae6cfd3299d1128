"""What texts made to be slow cost to read, beside a quarter of the same.

Four times as much takes four times as long where the cost grows evenly, and sixteen times where it
grows with the square; eight tells them apart.
"""

import contextlib
import gc
import time
from collections.abc import Callable

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
GOAL = 8
# Of a megabyte each, the largest PO file that is read at all.
FILES: dict[str, Callable[[int], str]] = {
    "comments": lambda n: HEADER + "#. x\n" * (19 * n) + 'msgid "a"\nmsgstr "b"\n',
    "flags": lambda n: HEADER + "#, a\n" * (19 * n) + 'msgid "a"\nmsgstr "b"\n',
    "continued lines": lambda n: HEADER + 'msgid "a"\nmsgstr ""\n' + '"a"\n' * (24 * n),
    "header lines": lambda n: 'msgid ""\nmsgstr "a: b\\n' + "c\\n" * (33 * n) + '"\n',
    "escapes": lambda n: HEADER + 'msgid "' + '\\"' * (48 * n) + '"\nmsgstr "a"\n',
    "an unclosed quote": lambda n: HEADER + 'msgid "' + '\\"' * (48 * n) + "\n",
    "blanks": lambda n: HEADER + "msgid " + " " * (98 * n) + "x\n",
    "entries": lambda n: HEADER + 'msgid "a"\nmsgstr ""\n' * (5 * n),
}
# Of a hundred thousand characters each.
TEXTS = ["sister ", "sister-", "’", "a’", "<", "<b", "&", "{", "с\u0301", "sister city "]
SIGNS = ["&", "<", "< ", "<b>", "</b>", '<a id="', "<!--", "&#x", "&a;", "<a ", '"', "<a b='c' "]


def cost_ms(run: Callable[[str], object], text: str) -> float:
    """The best of five, in the processor's time; as in timeit, without collecting garbage."""
    times = []
    gc.disable()
    for _ in range(5):
        start = time.process_time()
        run(text)
        times.append((time.process_time() - start) * 1000)
    gc.enable()
    return min(times)


def measure() -> list[tuple[str, float, float, float]]:
    """Name, milliseconds of the worst text, of a quarter of it, and goal."""
    from translation_desk.glossary.matching import Glossary, GlossaryEntry
    from translation_desk.models import GlossaryTerm
    from translation_desk.po.parsing import UnreadableError, parse_po
    from translations.validation import Place, reason_refused

    terms = [("sister city", "міст* побратим*"), ("people’s choice", "вибір людей")]
    glossary = Glossary(
        [
            GlossaryEntry(GlossaryTerm(pk=n, term=term), (form,))
            for n, (term, form) in enumerate(terms)
        ]
    )

    def read_po(text: str) -> None:
        with contextlib.suppress(UnreadableError):
            parse_po(text.encode())

    def worst(run: Callable[[str], object], texts: list[tuple[str, str]]) -> tuple[float, float]:
        """Of the text that takes longest."""
        return max((cost_ms(run, long), cost_ms(run, short)) for short, long in texts)

    files = [(make(2_500), make(10_000)) for make in FILES.values()]
    texts = [
        ((text * 25_000)[:25_000] + " sister city", (text * 100_000)[:100_000] + " sister city")
        for text in TEXTS
    ]
    signs = [((sign * 20_000)[:5_000], (sign * 20_000)[:20_000]) for sign in SIGNS]
    place, source = Place(("Text",)), 'A <b>bold</b> <a id="a1">link</a>'
    return [
        (
            "a hostile megabyte of PO, against a quarter of it",
            *worst(read_po, files),
            GOAL,
        ),
        (
            "a hostile text beside the glossary, against a quarter of it",
            *worst(lambda text: glossary.broken_in(text, text), texts),
            GOAL,
        ),
        (
            "a hostile text in a PO file's entry, against a quarter of it",
            *worst(lambda text: reason_refused(text, source, place), signs),
            GOAL,
        ),
    ]
