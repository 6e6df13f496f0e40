"""The pool of workers: a bad picture costs one answer, a killed worker none, wherever recognition runs."""

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bot.config import Settings
from bot.config.tables import RecognitionSettings
from bot.recognition import worker
from bot.recognition.errors import ClusterMissing, NoWorkers, PictureTooMuch, PictureTooSlow, Stopping, WorkersFail
from bot.recognition.pool import RecognitionPool
from ml import PictureError, Recognizer
from ml.cascades.detector import CascadeAltered
from tests.bot.recognition import deeds
from tests.conftest import KNOWN, png

PICTURE = png(KNOWN[0], seed=70)
LARGE = bytes(7 * 2**20)  # far more than a pipe holds


def settings(home: Path, **recognition: object) -> Settings:
    return Settings(
        home=home, recognition=RecognitionSettings.model_validate({"workers": 1, "seconds": 600.0, **recognition})
    )


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncGenerator[RecognitionPool]:
    made = RecognitionPool(settings(tmp_path))
    await made.start()
    yield made
    made.close()


async def faces(pool: RecognitionPool) -> int:
    answer = await pool.run(worker.identify, PICTURE, version=None, learned=None, max_bytes=10**6)
    return len(answer.recognition.faces)


def workers() -> list[int]:
    return [each.pid for each in multiprocessing.active_children() if each.pid is not None]


async def until(happened: Callable[[], bool]) -> None:
    def look() -> None:
        while not happened():
            time.sleep(0.01)

    await asyncio.to_thread(look)


async def stopped(process: int) -> None:
    """A worker takes nothing more out of its pipe from now on."""
    os.kill(process, signal.SIGSTOP)
    await until(lambda: psutil.Process(process).status() == psutil.STATUS_STOPPED)


async def test_a_picture_whose_worker_dies_twice_is_told_so(pool: RecognitionPool, tmp_path: Path) -> None:
    with pytest.raises(PictureTooMuch, match="too much for me"):
        await pool.run(deeds.die, tmp_path / "diary")
    assert len(set((tmp_path / "diary").read_text().split())) == 2
    assert await faces(pool) == 1


async def test_workers_killed_while_idle_cost_nobody_anything(pool: RecognitionPool) -> None:
    for _ in range(3):
        for each in workers():
            os.kill(each, signal.SIGKILL)
        assert await faces(pool) == 1


async def test_a_worker_killed_while_busy_costs_nobody_anything(pool: RecognitionPool, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    answer = asyncio.create_task(pool.run(deeds.hang_once, diary, LARGE))
    await until(diary.exists)
    os.kill(workers()[0], signal.SIGKILL)
    assert await answer == len(LARGE)


async def test_workers_killed_in_the_middle_of_a_transfer_cost_nobody_anything(tmp_path: Path) -> None:
    two = RecognitionPool(settings(tmp_path, workers=2))
    await two.start()
    for _ in range(3):
        before = workers()
        for each in before:
            await stopped(each)
        answers = [asyncio.create_task(two.run(deeds.weigh, LARGE)) for _ in range(6)]
        await asyncio.sleep(0.05)  # so that both are given as much as their pipes hold
        for each in before:
            os.kill(each, signal.SIGKILL)
        assert await asyncio.gather(*answers) == [len(LARGE)] * 6
    two.close()


async def test_what_goes_first_does_not_wait_behind_what_waits(pool: RecognitionPool) -> None:
    (worker_id,) = workers()
    await stopped(worker_id)
    done: list[int] = []
    asked = [pool.run(deeds.weigh, bytes(1)), pool.run(deeds.weigh, bytes(2)), pool.first(deeds.weigh, bytes(3))]
    tasks = [asyncio.create_task(each) for each in asked]
    for task in tasks:
        task.add_done_callback(lambda task: done.append(task.result()))
        await asyncio.sleep(0)
    os.kill(worker_id, signal.SIGCONT)
    await asyncio.gather(*tasks)
    assert done.index(3) < done.index(2)


async def test_a_worker_that_hangs_costs_one_answer(tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path, seconds=2.0))
    await pool.start()
    with pytest.raises(PictureTooSlow, match="took too long"):
        await pool.run(deeds.hang)
    process = await pool.run(deeds.nothing)
    await stopped(process)  # it hangs in the middle of a transfer
    with pytest.raises(PictureTooSlow, match="took too long"):
        await pool.run(deeds.weigh, LARGE)
    assert await pool.run(deeds.nothing) != process
    pool.close()


async def test_a_worker_is_renewed_after_so_many_pictures(tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path), renew_after=2)
    served = [await pool.run(deeds.nothing) for _ in range(5)]
    assert served[0] == served[1]
    assert served[2] == served[3]
    assert len(set(served)) == 3
    pool.close()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux")
async def test_a_picture_that_wants_all_memory_costs_one_answer(tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path, worker_megabytes=300))
    before = await pool.run(deeds.nothing)
    with pytest.raises(PictureTooMuch, match="too much for me"):
        await pool.run(deeds.fill, 400)
    assert await pool.run(deeds.nothing) != before
    assert await faces(pool) == 1
    pool.close()


async def test_errors_come_back_as_they_were(pool: RecognitionPool) -> None:
    with pytest.raises(PictureError) as refused:
        await pool.run(worker.identify, b"GIF89a cut off", version=None, learned=None, max_bytes=10**6)
    assert refused.value.code == "damaged"
    altered = CascadeAltered(Path("cascade.xml"), expected="12", found="34")
    with pytest.raises(CascadeAltered) as caught:
        await pool.run(deeds.fail, altered)
    assert str(caught.value) == str(altered)
    assert await faces(pool) == 1


async def test_what_cannot_be_sent_costs_one_answer(pool: RecognitionPool) -> None:
    before = await pool.run(deeds.nothing)
    with pytest.raises(RuntimeError, match="nobody knows"):
        await pool.run(deeds.fail_oddly)
    with pytest.raises(AttributeError, match="lambda"):
        await pool.run(deeds.give_what_cannot_be_sent)
    with pytest.raises(AttributeError, match="lambda"):
        await pool.run(lambda _: None)
    assert await pool.run(deeds.nothing) == before


async def test_whoever_waits_is_told_when_the_pool_is_closed(tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path))
    await pool.run(deeds.nothing)
    waiting = [asyncio.create_task(pool.run(deeds.hang)) for _ in range(3)]
    await asyncio.sleep(0)
    pool.close()
    assert [type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)] == [Stopping] * 3
    with pytest.raises(Stopping):
        await pool.run(deeds.nothing)
    assert workers() == []


async def test_a_missing_part_is_told_at_the_start_and_for_every_picture(tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path, detectors=(str(tmp_path / "none.xml"),)))
    with pytest.raises(Exception, match=r"none\.xml"):
        await pool.start()
    with pytest.raises(Exception, match=r"none\.xml"):
        await faces(pool)
    pool.close()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
async def test_where_there_is_no_file_for_a_process_one_answer_is_put_off_and_the_next_is_given(
    pool: RecognitionPool, caplog: pytest.LogCaptureFixture
) -> None:
    import resource  # noqa: PLC0415

    (worker_,) = workers()
    os.kill(worker_, signal.SIGKILL)
    await until(lambda: workers() == [])
    most, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        with pytest.raises(NoWorkers, match="in a few minutes"):
            await faces(pool)
    finally:
        for each in taken:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    assert "There is no process to look at a picture: [Errno 24] Too many open files" in caplog.text
    assert await faces(pool) == 1


async def test_workers_that_are_killed_before_they_begin_are_told_of_in_a_sentence(tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path))
    starting = asyncio.create_task(pool.start())
    while not starting.done():
        for each in workers():
            os.kill(each, signal.SIGKILL)
        await asyncio.sleep(0.01)
    with pytest.raises(WorkersFail, match="killed at once"):
        await starting
    assert await faces(pool) == 1
    pool.close()


async def test_a_limit_of_the_operators_reaches_the_worker(tmp_path: Path) -> None:
    small = RecognitionPool(settings(tmp_path, max_megapixels=0.1))
    with pytest.raises(PictureError) as caught:
        await small.run(Recognizer.sample_all, PICTURE)
    assert caught.value.code == "too_many_pixels"
    small.close()


def test_a_cluster_whose_package_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterMissing, match=r"pip install 'koredare\[dask\]'"):
        RecognitionPool(settings(tmp_path, executor="dask", dask_address="tcp://127.0.0.1:8786"))
