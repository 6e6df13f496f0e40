"""The bot takes its models from a store that other machines publish to."""

import shutil
from pathlib import Path

from bot.config import Settings
from bot.shell import checkup
from ml.versions.version import CLASSIFIER
from tests.conftest import KNOWN, png
from tests.e2e.conftest import furnish, running

AKEHA = KNOWN[0]


def publish(store: Path, home: Path, source: Path) -> None:
    """As another machine does, which has a data folder of its own."""
    registry = Settings.model_validate({"home": home, "models": {"url": store.as_uri()}}).registry(None)
    with registry.staging() as staged:
        shutil.copytree(source, staged, dirs_exist_ok=True)
        registry.publish(staged, published={"kind": "published", "via": "chat"})


async def test_what_another_machine_publishes_answers_here_also_while_the_store_is_away(
    trained_home: Path, tmp_path: Path
) -> None:
    store, version = tmp_path / "store", tmp_path / "version"
    (trained_home / "models/everyone/v1").rename(version)  # here is nothing
    async with running(trained_home, more=f"[models]\nurl = '{store.as_uri()}'\n") as env:
        club = await furnish(env, trained_home)
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert "not measured yet" in answer.content  # it goes by what was imported, as there is no version
        publish(store, tmp_path / "other", version)
        await club.bot.models.changed(None)  # as a notice does
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert AKEHA.name in answer.content
        assert "not measured yet" not in answer.content

        publish(store, tmp_path / "other", version)
        (classifier,) = store.glob(f"everyone/v2-*/{CLASSIFIER}")
        classifier.write_bytes(b"rot")
        await club.bot.models.changed(None)
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert AKEHA.name in answer.content
        assert "The shared v2 is damaged, so the shared v1 answers" in answer.content

        store.rename(tmp_path / "not mounted")
        await club.bot.models.changed(None)
        answer = await club.post(club.ann, png(AKEHA, seed=54))
        assert "not measured yet" not in answer.content
        await club.mod.send(club.pictures, "!model")
        assert "v1" in club.last().content
        found = {each.text: each.fine for each in checkup._look(club.bot.settings)}
        (said,) = (text for text in found if text.startswith("store of models"))
        assert "is it mounted" in said
        assert not found[said]
