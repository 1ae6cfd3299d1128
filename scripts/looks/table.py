"""What was measured, as lines of a table, and what does not hold with the place where."""

from dataclasses import dataclass, field


@dataclass
class Row:
    name: str
    goal: str
    value: str
    faults: list[str] = field(default_factory=list)
    # Where something was not measured at all, why.
    left_out: str = ""

    @property
    def holds(self) -> str:
        return "left out" if self.left_out else "no" if self.faults else "yes"


def counted(name: str, seen: int, faults: list[str]) -> Row:
    return Row(name, "nothing", f"{len(faults)} in {seen}", faults)


def at_most(name: str, goal: float, unit: str, values: dict[str, float]) -> Row:
    """The largest of several values, and each that is too large."""
    if not values:
        return Row(
            name, f"at most {goal:g} {unit}", "", left_out="since there was nothing to measure"
        )
    where, largest = max(values.items(), key=lambda each: each[1])
    faults = [f"{each}: {number:g} {unit}" for each, number in values.items() if number > goal]
    return Row(name, f"at most {goal:g} {unit}", f"{largest:g} {unit} ({where})", faults)


def at_least(name: str, goal: float, unit: str, values: dict[str, float]) -> Row:
    if not values:
        return Row(
            name, f"at least {goal:g} {unit}", "", left_out="since there was nothing to measure"
        )
    where, smallest = min(values.items(), key=lambda each: each[1])
    faults = [f"{each}: {number:g} {unit}" for each, number in values.items() if number < goal]
    return Row(name, f"at least {goal:g} {unit}", f"{smallest:g} {unit} ({where})", faults)


def table(rows: list[Row]) -> str:
    lines = [("measure", "goal", "came to", "holds")]
    lines += [(row.name, row.goal, row.value, row.holds) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def report(rows: list[Row], most: int | None = None) -> str:
    """The table, then of each row at most so many places where it does not hold."""
    parts = [table(rows)]
    parts += [f"\n{row.name}: left out, {row.left_out}" for row in rows if row.left_out]
    for row in rows:
        if row.faults:
            more = len(row.faults[most:]) if most else 0
            told = [*row.faults[:most], *([f"and {more} more"] if more else [])]
            parts.append("\n".join([f"\n{row.name}:", *(f"  {fault}" for fault in told)]))
    return "\n".join(parts) + "\n"
