"""The pool of workers: a bad picture costs one answer, wherever recognition runs."""

import os
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from bot.config import RecognitionSettings, Settings
from bot.recognition import RecognitionError, RecognitionPool
from ml import PictureError
from tests.conftest import KNOWN, png

PICTURE = png(KNOWN[0], seed=70)


def settings(home: Path, **recognition: object) -> Settings:
    return Settings(home=home, recognition=RecognitionSettings.model_validate({"workers": 1, **recognition}))


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncGenerator[RecognitionPool]:
    made = RecognitionPool(settings(tmp_path, seconds=3.0))
    await made.start()
    yield made
    made.close()


async def faces(pool: RecognitionPool) -> int:
    answer = await pool.identify(PICTURE, version=None, max_bytes=10**6)
    return len(answer.recognition.faces)


async def test_a_worker_that_dies_costs_one_answer(pool: RecognitionPool) -> None:
    with pytest.raises(RecognitionError, match="too much for me"):
        await pool._run(os._exit, 1)
    assert await faces(pool) == 1


async def test_a_worker_that_hangs_costs_one_answer(pool: RecognitionPool) -> None:
    with pytest.raises(RecognitionError, match="took too long"):
        await pool._run(time.sleep, 60.0)
    assert await faces(pool) == 1


async def test_a_refused_picture_comes_back_as_the_same_error(pool: RecognitionPool) -> None:
    with pytest.raises(PictureError) as caught:
        await pool.identify(b"GIF89a cut off", version=None, max_bytes=10**6)
    assert caught.value.code == "damaged"
    assert await faces(pool) == 1


async def test_a_limit_of_the_operators_reaches_the_worker(tmp_path: Path) -> None:
    small = RecognitionPool(settings(tmp_path, max_megapixels=0.1))
    with pytest.raises(PictureError) as caught:
        await small.identify(PICTURE, version=None, max_bytes=10**6)
    assert caught.value.code == "too_many_pixels"
    small.close()


async def test_recognition_runs_in_threads_too(tmp_path: Path) -> None:
    threads = RecognitionPool(settings(tmp_path, executor="threads", workers=2))
    await threads.start()
    assert await faces(threads) == 1
    threads.close()


async def test_recognition_runs_on_a_dask_cluster_too(tmp_path: Path) -> None:
    local: Any = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0")
    with local as cluster:
        dask = RecognitionPool(settings(tmp_path, executor="dask", dask_address=cluster.scheduler_address))
        assert await faces(dask) == 1
        dask.close()
