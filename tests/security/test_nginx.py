"""The proxy's configuration writes down nobody and no address; scripts/try_nginx.py tries it."""

import re
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parent.parent.parent / "deploy/nginx.conf.template"
# What says what happened, and nothing of who asked for what.
HARMLESS = {
    "time_iso8601",
    "method",
    "part",
    "status",
    "body_bytes_sent",
    "request_time",
    "upstream_status",
    "upstream_response_time",
}


def directives(name: str) -> list[tuple[int, str]]:
    """Each use of a directive: how deep in blocks it stands, and its arguments."""
    found, depth = [], 0
    text = re.sub(r"#.*", "", CONFIGURATION.read_text())
    text = re.sub(r"\$\{(\w+)\}", r"\1", text)
    for statement in re.findall(r"""(?:"[^"]*"|'[^']*'|[^;{}"'])*[;{}]""", text):
        words = statement[:-1].split(None, 1)
        if words and words[0] == name:
            found.append((depth, words[1].strip()))
        depth += {"{": 1, "}": -1}.get(statement[-1], 0)
    assert depth == 0
    return found


def test_the_access_log_knows_only_what_is_harmless() -> None:
    [(_depth, form)] = directives("log_format")
    assert set(re.findall(r"\$(\w+)", form)) == HARMLESS
    assert [log.split()[1] for _depth, log in directives("access_log")] == ["anonymous"]
    # Both are words of ours, whatever was asked.
    for name, variable in (("part", "$uri"), ("method", "$request_method")):
        assert (1, f"{variable} ${name}") in directives("map")


def test_errors_of_requests_are_not_written() -> None:
    """From `alert` down nginx adds the client and the whole request line."""
    levels = [(depth, log.split()[1]) for depth, log in directives("error_log")]
    assert levels == [(0, "notice"), (1, "emerg")]


def test_the_site_is_told_who_asked_and_how_and_nothing_else() -> None:
    told = dict(header.split(None, 1) for _depth, header in directives("proxy_set_header"))
    assert told["X-Forwarded-For"] == "$remote_addr"
    assert told["X-Forwarded-Proto"] == "$scheme"
    assert told["Host"] == "$host"
    assert {told["X-Forwarded-Host"], told["Forwarded"]} == {'""'}


def test_slow_clients_wait_here_and_not_at_a_worker() -> None:
    assert directives("proxy_request_buffering") == [(2, "on")]
    assert directives("proxy_buffering") == [(2, "on")]


def test_no_file_is_served_but_by_the_site_and_only_public_ones_are_kept() -> None:
    for name in ("alias", "root", "try_files"):
        assert directives(name) == []
    assert len(directives("proxy_cache")) == 1
    kept = CONFIGURATION.read_text().split("proxy_cache files;")[0].rpartition("location ")[2]
    assert kept.startswith("~ ^/(static|media/images)/ {")
