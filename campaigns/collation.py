"""The order of names in a language. Unicode's is close enough for most, but not for Ukrainian."""

UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"  # noqa: RUF001
_PLACES = {letter: place for place, letter in enumerate(UKRAINIAN)}


def sort_key(text: str, language: str) -> list[tuple[int, int | str]]:
    """A key that sorts texts as a dictionary of the language does: Ґ after Г, І and Ї after И."""
    folded = text.casefold()
    if language != "uk":
        return [(0, letter) for letter in folded]
    # Letters first in their own order, whatever else stands among them by its code.
    return [
        (1, _PLACES[letter]) if letter in _PLACES else (0, ord(letter))
        for letter in folded
        if letter not in "’'ʼ"
    ]


def digits(text: str, language: str) -> str:
    """The key as a text of digits, which every database sorts alike."""
    return "".join(
        f"{kind}{value if isinstance(value, int) else ord(value):07}"
        for kind, value in sort_key(text, language)
    )
