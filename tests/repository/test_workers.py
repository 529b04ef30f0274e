"""Workers read, die, and are replaced; none is left behind."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from typing import TYPE_CHECKING

import pytest

from fimls.clock import SystemClock
from fimls.repository import worker
from fimls.repository.content import digest_of
from fimls.repository.fitness import MOST_BYTES
from fimls.repository.frames import LENGTH, body_of, fields_of, packed, row_from
from fimls.repository.workers import Answer, Job, Workers
from fimls.testing.clock import VirtualClock
from fimls.text.languages import LANGUAGES
from tests.repository.folders import PATIENCE_S, until
from tests.repository.test_ignore import made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    """Workers, all ended afterwards."""
    made_here = Workers(SystemClock())
    yield made_here
    await made_here.close()


async def read(workers: Workers, jobs: list[Job]) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}

    async def take(job: Job, answer: Answer) -> None:
        assert job.path not in answers
        answers[job.path] = answer

    async with asyncio.timeout(PATIENCE_S):
        await workers.read(jobs, take)
    return answers


def running(workers: Workers) -> list[int]:
    return [child.pid for child in (*workers._idle, *workers._at_work)]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_all_are_answered(tmp_path: Path, workers: Workers) -> None:
    names = [f"m{number}.py" for number in range(100)]
    made(tmp_path, {name: f"def of_{name[:-3]}(): pass\n" for name in names})
    jobs = [Job.file(str(tmp_path), name, None) for name in names]
    answers = await read(
        workers, [*jobs, Job.text("typed", "python", "def typed(): pass\n" * 9_000)]
    )
    assert answers.keys() == {*names, "typed"}
    assert {answer.content.defined for answer in answers.values() if answer.content} == {
        *(f"of_{name[:-3]}" for name in names),
        "typed",
    }


async def test_a_killed_worker_loses_nothing(tmp_path: Path, workers: Workers) -> None:
    names = [f"m{number}.py" for number in range(60)]
    made(tmp_path, dict.fromkeys(names, "def found(): pass\n"))
    answers: list[Answer] = []

    async def take(_job: Job, answer: Answer) -> None:
        answers.append(answer)
        if len(answers) in (5, 30):
            # The one that was killed before may still be among them.
            os.kill(next(filter(is_running, running(workers))), signal.SIGKILL)

    async with asyncio.timeout(PATIENCE_S):
        await workers.read([Job.file(str(tmp_path), name, None) for name in names], take)
    assert [answer.content is not None for answer in answers] == [True] * 60


async def test_what_kills_every_worker_is_left_out(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A row that no worker understands ends it.
    bad = Job("bad", (b"file",))
    good = [Job.text(f"good{number}", "python", "x = 1") for number in range(3)]
    monkeypatch.setattr(Job, "is_file", property(lambda job: job.path == "bad"))
    answers = await read(workers, [*good[:1], bad, *good[1:]])
    assert answers.keys() == {"bad", "good0", "good1", "good2"}
    assert answers["bad"].content is None


async def test_none_is_left(tmp_path: Path) -> None:
    made(tmp_path, {"a.py": ""})
    workers = Workers(SystemClock())
    await read(workers, [Job.file(str(tmp_path), "a.py", None)])
    (pid,) = running(workers)
    assert is_running(pid)
    await workers.close()
    assert not is_running(pid)


async def test_they_end_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    made(tmp_path, {"a.py": ""})
    clock = VirtualClock()
    workers = Workers(clock)
    await read(workers, [Job.file(str(tmp_path), "a.py", None)])
    (pid,) = running(workers)
    await clock.advance(120)
    await until(lambda: not is_running(pid))
    assert running(workers) == []
    # And come back when there is something.
    assert await read(workers, [Job.file(str(tmp_path), "a.py", None)])
    await workers.close()


async def test_they_wait_for_a_model(tmp_path: Path, workers: Workers) -> None:
    made(tmp_path, {"a.py": ""})
    workers.pause()
    reading = asyncio.ensure_future(read(workers, [Job.file(str(tmp_path), "a.py", None)]))
    done, _ = await asyncio.wait([reading], timeout=0.05)
    assert not done
    workers.resume()
    assert (await reading).keys() == {"a.py"}


async def test_a_document_does_not_wait_for_the_files(tmp_path: Path, workers: Workers) -> None:
    names = [f"m{number}.py" for number in range(400)]
    made(tmp_path, dict.fromkeys(names, "def found(): pass\n"))
    begun, read_files = asyncio.Event(), list[str]()

    async def take(job: Job, _answer: Answer) -> None:
        read_files.append(job.path)
        begun.set()

    jobs = [Job.file(str(tmp_path), name, None) for name in names]
    reading = asyncio.ensure_future(workers.read(jobs, take))
    await begun.wait()
    await read(workers, [Job.text("typed", "python", "def typed(): pass\n")])
    # Each worker had a few dozen files before it, and comes back to the rest.
    assert len(read_files) < 200
    await reading
    assert sorted(read_files) == sorted(names)
    assert len(running(workers)) <= 2


async def test_whoever_reads_may_be_cancelled(tmp_path: Path, workers: Workers) -> None:
    names = [f"m{number}.py" for number in range(200)]
    made(tmp_path, dict.fromkeys(names, "def found(): pass\n"))
    begun = asyncio.Event()

    async def take(_job: Job, _answer: Answer) -> None:
        begun.set()

    jobs = [Job.file(str(tmp_path), name, None) for name in names]
    reading = asyncio.ensure_future(workers.read(jobs, take))
    await begun.wait()
    reading.cancel()
    await asyncio.wait([reading])
    # None that was in the middle of something answers the next question.
    assert (await read(workers, jobs[:3])).keys() == {"m0.py", "m1.py", "m2.py"}


def answer(folder: Path, path: str, known: bytes = b"") -> list[bytes]:
    row = [worker.FILE, os.fsencode(folder), os.fsencode(path), known]
    (body,) = fields_of(worker.answers([body_of(row)])[LENGTH.size :])
    return fields_of(body)


def test_a_file(tmp_path: Path) -> None:
    made(tmp_path, {"a.py": "def found(): return used\n"})
    kind, size, changed, digest, defined, used, *_ = answer(tmp_path, "a.py")
    about = (tmp_path / "a.py").stat()
    assert (kind, size, changed) == (b"read", b"25", str(about.st_mtime_ns).encode())
    assert (defined, used) == (b"found", b"used")
    assert digest == digest_of(b"def found(): return used\n", LANGUAGES["python"])
    assert answer(tmp_path, "a.py", digest)[0] == b"same"


def test_what_is_not_read(tmp_path: Path) -> None:
    outside = made(tmp_path / "outside", {"secret.py": "def secret(): pass\n"})
    root = made(tmp_path / "project", {"empty/": "", "binary.py": ""})
    (root / "binary.py").write_bytes(b"a\0b")
    (root / "huge.py").write_bytes(b"x" * (MOST_BYTES + 1))
    (root / "link.py").symlink_to(outside / "secret.py")
    (root / "linked").symlink_to(outside, target_is_directory=True)
    (root / "round").symlink_to(root / "round")
    os.mkfifo(root / "pipe.py")
    paths = ["binary.py", "huge.py", "link.py", "linked/secret.py", "round/a.py", "pipe.py"]
    paths += ["../outside/secret.py", str(outside / "secret.py"), "gone.py", "empty", "", "a\0.py"]
    assert {path: answer(root, path)[0] for path in paths} == dict.fromkeys(paths, b"unfit")


def test_a_worker_ends_with_its_input() -> None:
    question = body_of((worker.TEXT, b"python", b"x = 1"))
    rows = packed([question, question]) + b"\0\0"
    sink = io.BytesIO()
    worker.serve(io.BytesIO(rows), sink)
    answers = row_from(io.BytesIO(sink.getvalue())) or []
    assert [fields_of(each)[0] for each in answers] == [b"read", b"read"]


@pytest.mark.parametrize("fields", [[], [b""], [b"a", b"", b"\0" * 5_000]])
def test_rows_come_back(fields: list[bytes]) -> None:
    assert row_from(io.BytesIO(packed(fields))) == fields


@pytest.mark.parametrize("cut", [1, 4, 6, 9])
def test_a_row_that_is_broken_off(cut: int) -> None:
    assert row_from(io.BytesIO(packed([b"one", b"two"])[:-cut])) is None
    with pytest.raises(ValueError, match="broken off"):
        fields_of(packed([b"one", b"two"])[4:-cut])
