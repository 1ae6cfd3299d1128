"""The tests of the inner loop: those that ask no database and start nothing.

A plugin. With `--quick` a run leaves out every test that asks for a database, by its mark or by a
fixture, and the modules that start processes or a browser. What is chosen follows from the tests
themselves, so there is no list that could grow old; pytest-django lets none of the chosen reach a
database without asking for it.
"""

import pytest

# Every fixture that reaches a database asks for one of pytest-django's in the end.
SLOW = {"db", "transactional_db", "django_db_setup", "live_server", "browser"}
TOOLS = "tests/tooling/"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only tests without a database")


def is_quick(item: pytest.Item) -> bool:
    asks = not SLOW.isdisjoint(getattr(item, "fixturenames", ()))
    starts = hasattr(getattr(item, "module", None), "subprocess")
    is_tool = item.nodeid.startswith(TOOLS)
    return not (asks or starts or is_tool or item.get_closest_marker("django_db"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--quick"):
        return
    chosen = [item for item in items if is_quick(item)]
    config.hook.pytest_deselected(items=[item for item in items if not is_quick(item)])
    items[:] = chosen
