"""Recognition and retraining on a cluster, whose workers share neither a disk nor a data folder with the bot."""

import asyncio
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import dask.config
import distributed  # noqa: F401  it has its own configuration as it is, before a test changes some of it
import pytest

from bot.config import Settings
from bot.config.tables import RecognitionSettings
from bot.database import versions
from bot.database.opened import opened
from bot.database.versions import Author
from bot.recognition import cluster, elsewhere, worker
from bot.recognition.errors import ClusterMissing, Stopping, WorkersAway
from bot.recognition.pool import RecognitionPool
from bot.retraining import training
from bot.retraining.run import retrain
from bot.retraining.training import RetrainingFailed, Trained
from ml import PictureError
from ml.naming.backbones import SHIPPED
from ml.training.job import Job
from ml.versions.version import (
    CLASSIFIER,
    DESCRIPTION,
    EXAMPLES,
    ModelVersion,
    digest,
    parts,
    read,
    read_examples,
)
from tests.bot.recognition import deeds
from tests.bot.recognition.clusters import OPENSSL, Keys, Processes, until
from tests.conftest import KNOWN, outdate, png

AKEHA = KNOWN[0]
PICTURE = png(AKEHA, seed=54)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """A scheduler and two workers, of which one retrains."""
    folder = tmp_path_factory.mktemp("cluster")
    made = Processes(folder, None if OPENSSL is None else Keys.make(folder / "keys"))
    try:
        made.start()
        made.add()
        made.add("--resources", "retraining=1")
        yield made
    finally:
        made.stop()


def settings(home: Path, processes: Processes, **tables: object) -> Settings:
    keys = {} if processes.keys is None else processes.keys.settings
    recognition = {"executor": "dask", "dask_address": processes.address, "seconds": 600.0, **keys}
    return Settings.model_validate({"home": home, "recognition": recognition, **tables})


@pytest.fixture(params=["the bot", "a store"])
def chosen(request: pytest.FixtureRequest, trained_home: Path, processes: Processes, tmp_path: Path) -> Settings:
    """Where workers get versions from; the shared version is there."""
    if request.param == "the bot":
        return settings(trained_home, processes)
    made = settings(trained_home, processes, models={"url": str(tmp_path / "store")})
    publish(made, trained_home / "models" / "everyone" / "v1")
    return made


@pytest.fixture
async def pool(chosen: Settings) -> AsyncGenerator[RecognitionPool]:
    made = RecognitionPool(chosen)
    yield made
    made.close()


def publish(settings: Settings, source: Path) -> ModelVersion:
    registry = settings.registry(None)
    with registry.staging() as staged:
        shutil.copytree(source, staged, dirs_exist_ok=True)
        return registry.publish(staged, published={"kind": "published", "via": "chat"})


def copies(home: Path) -> set[str]:
    """The versions of which a worker has a copy."""
    return {folder.name for folder in home.glob("cache/versions/everyone/*")}


async def names(pool: RecognitionPool, version: ModelVersion) -> set[tuple[str | None, str | None]]:
    """Who is named in as many pictures as keep all workers busy, and by which version."""
    answers = await asyncio.gather(
        *(pool.run(worker.identify, PICTURE, version=version.folder, learned=None, max_bytes=10**6) for _ in range(4))
    )
    return {(each.recognition.faces[0].name, each.recognition.model) for each in answers}


async def test_both_workers_take_up_a_new_version_by_its_digest(
    pool: RecognitionPool, chosen: Settings, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    if chosen.models.url:  # then nobody need ask the bot
        monkeypatch.setattr(cluster, "parts", None)
    first = chosen.registry(None).get("v1")
    for version in (first, publish(chosen, first.folder)):
        while not all(f"{version.name}-{version.digest[:16]}" in copies(home) for home in processes.living()):
            assert await names(pool, version) == {(AKEHA.name, version.name)}
    assert version.name == "v2"


async def test_a_picture_whose_worker_is_killed_is_answered_by_another(processes: Processes, tmp_path: Path) -> None:
    pool, diary = RecognitionPool(settings(tmp_path, processes)), tmp_path / "diary"
    answer = asyncio.create_task(pool.run(deeds.hang_once, diary, PICTURE))
    await asyncio.to_thread(until, lambda: diary.exists() and diary.read_text())
    killed = int(diary.read_text())
    os.kill(killed, signal.SIGKILL)
    assert await answer == len(PICTURE)
    pool.close()
    processes.replace(killed)


async def test_errors_come_back_as_they_were_and_no_log_has_the_picture(processes: Processes, tmp_path: Path) -> None:
    pool = RecognitionPool(settings(tmp_path, processes))
    with pytest.raises(PictureError) as refused:
        await pool.run(worker.identify, b"GIF89a cut off", version=None, learned=None, max_bytes=10**6)
    assert refused.value.code == "damaged"
    with pytest.raises(RuntimeError, match="nobody knows"):
        await pool.run(deeds.fail_oddly)
    pool.close()
    assert not any(b"GIF89a" in log.read_bytes() for log in processes.folder.glob("*.log"))


async def joined(processes: Processes, known: Settings, said: str) -> None:
    """Wait until the scheduler says so of its workers."""
    about = ""
    while said not in about:
        assert len(processes.living()) == int(said[0])
        with suppress(ClusterMissing):  # none has joined yet
            about = await asyncio.to_thread(cluster.about, known)


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed, which makes the certificates")
async def test_strangers_are_kept_out(processes: Processes, tmp_path: Path) -> None:
    others = Keys.make(tmp_path / "others").settings
    with dask.config.set({"distributed.comm.timeouts.connect": "3s"}):
        for keys, why in (
            ({}, ""),
            (others, ""),
            (others | {"dask_ca": "nowhere/ca.pem"}, ".*no file .*/nowhere/ca.pem"),
        ):
            recognition = {"executor": "dask", "dask_address": processes.address, **keys}
            with pytest.raises(ClusterMissing, match=f"cannot be reached{why}"):
                RecognitionPool(Settings(home=tmp_path, recognition=RecognitionSettings.model_validate(recognition)))
    await joined(processes, settings(tmp_path, processes), "2 workers, 1 of them retrain")


async def test_a_retraining_whose_worker_is_killed_goes_on_at_another_and_without_one_nothing_comes_of_it(
    trained_home: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdate(trained_home)
    monkeypatch.setattr(training, "_here", None)  # not on this machine
    chosen, stages, killed = settings(trained_home, processes), list[str](), list[int]()
    processes.add("--resources", "retraining=1")
    await joined(processes, chosen, "3 workers, 2 of them retrain")

    async def kill_once(stage: str, share: float) -> None:
        """In the middle of it: the worker that has the faces on its disk."""
        stages.append(stage)
        if stage == "training" and not killed:
            (home,) = (each for each in processes.living() if retraining_in(each))
            killed.append(processes.workers[home].pid)
            processes.workers[home].kill()
            processes.workers[home].wait()

    async with opened(chosen) as database:
        outcome = await retrain(chosen, database, guild_id=None, by=Author("shell"), progress=kill_once)
        assert killed
        assert outcome.published is not None
        assert outcome.published.name == "v2"
        assert chosen.registry(None).active() == outcome.published
        assert {"training", "measuring"} <= set(stages)
        assert [home for home in processes.living() if retraining_in(home)] == []  # nobody's face

        outdate(trained_home)
        killed.clear()
        monkeypatch.setattr(training, "_LOOKED", 0.1)
        with pytest.raises(RetrainingFailed, match=r"no worker that retrains is left\); the old version stays\."):
            await retrain(chosen, database, guild_id=None, by=Author("shell"), progress=kill_once)
        async with database.reading() as session:
            last = await versions.put_in_charge(session, guild_id=None)
    assert last is not None
    assert (last.number, [each.name for each in chosen.registry(None).versions()]) == (2, ["v1", "v2"])
    assert list(chosen.registry(None).store.folder.glob(".staging-*")) == []
    processes.replace(killed[0])


def retraining_in(home: Path) -> list[Path]:
    """What a worker has of a retraining."""
    return list(home.glob("cache/.retraining-*"))


def sent(folder: Path) -> dict[str, bytes]:
    """What a worker sends, which does not seal it."""
    made = parts(folder)
    told = json.loads(made[DESCRIPTION])
    del told["sha256"]
    return made | {DESCRIPTION: json.dumps(told).encode()}


def another_classifier(made: dict[str, bytes]) -> Trained:
    return Trained({}, made | {CLASSIFIER: made[CLASSIFIER] + b"?"}, digest(made))


def other_faces(made: dict[str, bytes]) -> Trained:
    made |= {EXAMPLES: b'{"Riko": [1]}'}
    return Trained({}, made, digest(made))


def another_embedder(made: dict[str, bytes]) -> Trained:
    made |= {DESCRIPTION: made[DESCRIPTION].replace(b'"embedder": "', b'"embedder": "0')}
    return Trained({}, made, digest(made))


def no_report(made: dict[str, bytes]) -> Trained:
    return Trained({}, made, digest(made))


@pytest.mark.parametrize("spoil", [another_classifier, other_faces, another_embedder, no_report])
def test_what_comes_back_from_a_worker_otherwise_than_it_should_is_not_taken(
    trained_home: Path, tmp_path: Path, spoil: Callable[[dict[str, bytes]], Trained]
) -> None:
    version = read(trained_home / "models/everyone/v1")
    named = [(face, name) for name, faces in read_examples(version.folder).items() for face in faces]
    faces, said = zip(*named, strict=True)
    no = (False,) * len(named)
    Job(faces, said, said, no, no, active=None, background=SHIPPED.background, embedder=version.embedder).save(
        tmp_path, ()
    )
    with pytest.raises(RetrainingFailed, match="cannot be used"):
        training._taken(tmp_path, spoil(sent(version.folder)))


def test_a_worker_with_another_network_than_the_bots_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOREDARE_HOME", str(tmp_path))
    for backbone, embedder in ((None, "f" * 64), (("inception_v3-imagenet", "embedder.tflite"), "0" * 64)):
        made = elsewhere.Made((), backbone, embedder, 10**6, 10**6, seconds=600.0, url="")
        well, error = pickle.loads(elsewhere.do(elsewhere.Task(made, deeds.nothing)))
        assert not well
        assert isinstance(error, elsewhere.OtherBackbone)


def test_a_worker_whose_picture_hangs_ends_so_that_another_takes_its_place(tmp_path: Path) -> None:
    script = (
        "from bot.recognition import elsewhere\n"
        "from ml.naming.backbones import SHIPPED\n"
        "from ml.naming.embedder import fingerprint\n"
        "from tests.bot.recognition import deeds\n"
        "made = elsewhere.Made((), None, fingerprint(SHIPPED.embedder), 10**6, 10**6, seconds=0.5, url='')\n"
        "elsewhere.do(elsewhere.Task(made, deeds.hang))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], check=False, env={**os.environ, "KOREDARE_HOME": str(tmp_path)}
    )
    assert ended.returncode == elsewhere.HUNG


async def test_without_a_scheduler_people_are_told_to_come_back(processes: Processes, tmp_path: Path) -> None:
    pool, diary = RecognitionPool(settings(tmp_path, processes)), tmp_path / "diary"
    answer = asyncio.create_task(pool.run(deeds.hang_once, diary, PICTURE))
    await asyncio.to_thread(until, diary.exists)
    assert processes.scheduler is not None
    processes.scheduler.kill()
    with pytest.raises(WorkersAway, match="cannot be reached"):
        await answer
    pool.close()
    with pytest.raises(Stopping):
        await pool.run(deeds.nothing)
