"""A damaged version costs its own server some names, and nobody else anything."""

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.recognition import worker
from ml import Recognizer, RecognizerSettings
from ml.versions import store
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER, DESCRIPTION
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord, furnish, running

AKEHA = KNOWN[0]


def publish_again(home: Path, owner: str | int) -> Registry:
    """Publish the shared version once more, as a server's own."""
    theirs = Registry(home / "models" / str(owner))
    with theirs.staging() as staged:
        shutil.copytree(home / "models" / "everyone" / "v1", staged, dirs_exist_ok=True)
        theirs.publish(staged, published={"kind": "published", "via": "chat"})
    return theirs


def damage(home: Path, owner: str | int, name: str, part: str) -> None:
    file = home / "models" / str(owner) / name / part
    file.write_bytes(file.read_bytes()[:100])


async def test_the_bot_starts_whatever_is_damaged_and_says_so_where_answers_suffer(
    trained_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for owner in (41, 42, 43):
        publish_again(trained_home, owner)
    damage(trained_home, 41, "v1", DESCRIPTION)
    (trained_home / "models" / "42" / "active").write_bytes(b"\xff\x00")
    shutil.rmtree(trained_home / "models" / "43")
    (trained_home / "models" / "43").write_text("a file where a folder should be")
    async with running(trained_home) as env:
        club = await furnish(env, trained_home)
        assert "models/41/v1 is damaged" in caplog.text
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert AKEHA.name in answer.content
        assert "damaged" not in answer.content

        # Its own are damaged while it runs: the one before answers, then the shared one, at last nobody.
        for _ in range(2):
            publish_again(trained_home, club.guild_id)
        damage(trained_home, club.guild_id, "v2", CLASSIFIER)
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert AKEHA.name in answer.content
        assert "v2 is damaged, so v1 answers until a moderator says `!retrain`" in answer.content
        damage(trained_home, club.guild_id, "v1", DESCRIPTION)
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert AKEHA.name in answer.content
        assert "v2 is damaged, so the shared v1 answers" in answer.content
        (trained_home / "models" / "everyone" / "v1" / CLASSIFIER).unlink()
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert "someone I don't know" in answer.content
        assert "v2 is damaged, so nobody is named" in answer.content

        await club.mod.send(club.pictures, "!model")
        assert "v2 is damaged" in club.last().content
        assert "set aside for my operator; nothing of it is deleted: v1, v2" in club.last().content
        await club.mod.send(club.pictures, "!model history")
        assert "set aside for my operator" in club.last().content
        await club.mod.send(club.pictures, "!rollback v2")
        assert "Version v2 is damaged" in club.last().content
        await club.mod.send(club.pictures, "!stats")
        assert "pictures" in club.last().content

        await club.restart()
        await club.mod.send(club.pictures, "!retrain")
        assert "Published as v3" in club.last().content
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert AKEHA.name in answer.content
        assert "damaged" not in answer.content
        assert (trained_home / "models" / str(club.guild_id) / "v2").is_dir()


async def test_a_version_is_read_once_and_another_that_any_process_publishes_answers_the_next_picture(
    club: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[threading.Thread] = []
    genuine = store.read

    def reading(folder: Path) -> Any:
        read.append(threading.current_thread())
        return genuine(folder)

    with monkeypatch.context() as watched:
        watched.setattr(store, "read", reading)
        for seed in (54, 55):
            await club.post(club.ann, png(AKEHA, seed=seed))
    assert len(read) <= 1
    assert threading.main_thread() not in read, "the event loop waits for it"
    own = publish_again(club.home, club.guild_id)
    publish_again(club.home, club.guild_id)
    for name in ("v2", "v1"):
        own.activate(name)
        version = await club.bot.at(club.guild_id).model()
        assert version is not None
        assert (version.name, version.folder.parent.name) == (name, str(club.guild_id))


def test_a_version_damaged_since_the_bot_looked_leaves_boxes_without_names(trained_home: Path) -> None:
    version = trained_home / "models" / "everyone" / "v1"
    damage(trained_home, "everyone", "v1", CLASSIFIER)
    answer = worker.identify(
        Recognizer(RecognizerSettings()), png(AKEHA, seed=54), version=version, learned=None, max_bytes=10**6
    )
    assert [face.name for face in answer.recognition.faces] == [None]
    assert answer.recognition.model is None
