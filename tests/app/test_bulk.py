"""`growqr route --jsonl` over long files: several processes, a run that ended early, progress."""

from __future__ import annotations

import io
import itertools
import json
import os

import pytest

from growqr_app.answers import reopen
from growqr_app.cli import app
from growqr_app.errors import UserError
from growqr_app.lines import LONGEST_LINE, Lines, route_lines
from growqr_app.pool import route_in_pool
from growqr_app.progress import Progress
from growqr_app.routing import Run, route_file
from growqr_router import Router

MESSAGES = ("mock interview for a nurse", "fix my resume", "{oops", "what is my q score", "yes")


@pytest.fixture(scope="module")
def rows():
    """Three hundred lines, some of which cannot be used."""
    usable = [json.dumps({"id": n, "text": text}) for n, text in enumerate(MESSAGES * 60)]
    return [b"{oops\n" if "oops" in line else line.encode() + b"\n" for line in usable]


@pytest.fixture(scope="module")
def answers(rows):
    """What one process makes of them."""
    return b"".join(route_lines(rows, Router.default()))


@pytest.fixture
def source(rows, tmp_path):
    """The lines as a file."""
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"".join(rows))
    return path


def test_two_processes_give_the_bytes_of_one_in_its_order(rows, answers):
    assert b"".join(route_in_pool(rows, 2)) == answers


def test_a_pool_reads_only_so_far_ahead_of_its_answers(rows):
    read = itertools.count()
    endless = (rows[next(read) % len(rows)] for _ in itertools.count())
    found = route_in_pool(endless, 1)
    next(found)
    found.close()
    assert next(read) <= 4 * 64


def test_a_worker_that_dies_is_told_in_one_message():
    with pytest.raises(UserError, match="--resume"):
        list(route_in_pool([Deadly()], 1))


class Deadly:
    """Ends the process that unpickles it."""

    def __reduce__(self):
        """Unpickle to the end of the process."""
        return os._exit, (9,)


@pytest.mark.parametrize("cut", [0, 1, 4000, -1, -7])
def test_a_run_that_ended_anywhere_goes_on_to_the_same_file(source, answers, tmp_path, cut):
    """Also where it ended within a line, or before its line end."""
    output = tmp_path / "out.jsonl"
    output.write_bytes(answers[:cut])
    route_file(str(source), Run(output=output, resume=True))
    assert output.read_bytes() == answers


def test_a_finished_run_and_none_at_all_can_be_resumed(source, answers, tmp_path):
    output = tmp_path / "out.jsonl"
    for _ in range(2):
        route_file(str(source), Run(output=output, resume=True))
        assert output.read_bytes() == answers


def test_a_line_longer_than_what_is_read_at_once_is_found_whole(tmp_path):
    output = tmp_path / "out.jsonl"
    last = b"x" * (2**21 + 5) + b"\n"
    output.write_bytes(b"first\n" + last + b"torn")
    file, written = reopen(output)
    file.close()
    assert (written.lines, written.size, written.last) == (2, 6 + len(last), last)
    assert output.read_bytes() == b"first\n" + last


def test_answers_to_another_input_are_not_gone_on_with(source, answers, tmp_path):
    output = tmp_path / "out.jsonl"
    output.write_bytes(answers)
    source.write_bytes(source.read_bytes().replace(b"nurse", b"baker"))
    other = tmp_path / "short.jsonl"
    other.write_bytes(b"")
    output.write_bytes(b"".join(answers.splitlines(keepends=True)[:1]))
    for path in (source, other):
        with pytest.raises(UserError, match=r"out\.jsonl:1 is not the answer to line 1"):
            route_file(str(path), Run(output=output, resume=True))


def test_an_output_that_exists_is_not_written_over(source, tmp_path):
    output = tmp_path / "out.jsonl"
    output.write_bytes(b"mine")
    with pytest.raises(UserError, match="--resume"):
        route_file(str(source), Run(output=output))
    assert output.read_bytes() == b"mine"


@pytest.mark.parametrize(
    "arguments",
    [["yes", "--workers", "2"], ["yes", "--progress"], ["--jsonl", "-", "--resume"], ["yes", "--output", "out.jsonl"]],
)
def test_an_option_that_would_do_nothing_is_refused(arguments):
    with pytest.raises(UserError):
        app(["route", *arguments], standalone_mode=False)


def test_a_line_without_end_is_cut_told_and_passed_over():
    stream = io.BytesIO(b'{"text": "' + b"a" * (3 * LONGEST_LINE) + b'"}\n{"text": "fix my resume"}\n')
    lines = Lines(stream)
    long, after = lines
    assert len(long) == LONGEST_LINE + 1
    assert lines.read == len(stream.getvalue())
    bad, good = map(json.loads, route_lines([long, after], Router.default()))
    assert (bad["line"], bad["error"]["code"]) == (1, "too_long")
    assert good["route"] == "resume"


class Terminal(io.StringIO):
    """Text output that says it is a terminal."""

    def isatty(self):
        """Say so."""
        return True


def test_progress_tells_rate_and_remaining_time():
    out, now = Terminal(), [0.0]
    progress = Progress(out, 4000, clock=lambda: now[0])
    now[0] = 2.0
    progress.add(50, 1000)
    drawn = out.getvalue()
    assert drawn.startswith("\r\x1b[K[######   ")
    assert drawn.endswith(" 25%  50 lines, 25/s, 0:00:06 left")


def test_progress_does_not_count_what_an_earlier_run_did():
    out, now = Terminal(), [0.0]
    progress = Progress(out, 4000, start=2000, clock=lambda: now[0])
    now[0] = 2.0
    progress.add(50, 3000)
    assert " 75%  50 lines, 25/s, 0:00:02 left" in out.getvalue()


def test_progress_in_a_log_is_a_line_now_and_then_and_one_at_the_end():
    out, now = io.StringIO(), [0.0]
    progress = Progress(out, None, clock=lambda: now[0])
    for now[0] in range(1, 15):
        progress.add(10, 100)
    progress.close()
    assert out.getvalue() == "100 lines, 10/s\n140 lines, 10/s\n"


def test_progress_shows_only_where_it_is_asked_for_when_there_is_no_terminal(source, tmp_path, capsys):
    route_file(str(source), Run(output=tmp_path / "a"))
    assert capsys.readouterr().err == ""
    route_file(str(source), Run(output=tmp_path / "b", progress=True))
    assert "300 lines" in capsys.readouterr().err
