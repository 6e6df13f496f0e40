"""One file, checked when it is read: what an operator gets wrong is named, with what is accepted."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, load_settings
from bot.config.loading import EXAMPLE


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOREDARE_TOKEN", raising=False)
    monkeypatch.delenv("KOREDARE_DATABASE", raising=False)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_need_be_configured(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    assert settings.home == tmp_path.resolve()
    assert settings.discord.prefix == "!"


def test_the_example_has_every_setting_at_its_default(tmp_path: Path) -> None:
    defaults = Settings(home=tmp_path).model_dump(mode="python", exclude={"home"})
    tables = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert {name: set(table) for name, table in tables.items()} == {
        name: set(table) for name, table in defaults.items()
    }
    assert load_settings(EXAMPLE, home=tmp_path) == Settings(home=tmp_path.resolve())


def test_the_file_in_the_data_folder_is_read_unasked(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[discord]\nprefix = "?"\n')
    assert load_settings(home=tmp_path).discord.prefix == "?"


def test_the_token_in_the_environment_wins_and_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOREDARE_TOKEN", "from-the-environment")
    settings = load_settings(written(tmp_path, '[discord]\ntoken = "from-the-file"\n'), home=tmp_path)
    assert settings.discord.token.get_secret_value() == "from-the-environment"
    assert "from-the" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[discord]\nprefx = '?'", "discord.prefx: there is no such setting; did you mean discord.prefix?"),
        ("[discord]\nquorum = 3", "discord.quorum: there is no such setting; did you mean feedback.quorum?"),
        ("[recogniton]\nworkers = 1", "recogniton: there is no such setting; did you mean recognition?"),
        (
            "[discord]\napi = 'http://discord.example/api/v10'",
            "discord.api: 'http://discord.example/api/v10' is neither",
        ),
        ("[discord]\napi = 'discord.com'", "discord.api: 'discord.com' is neither an address with https://"),
        ("[discord]\nshard_ids = [0]", "discord: shard_ids needs shards: how many there are in all"),
        ("[discord]\nshards = 2\nshard_ids = [0, 2]", "shard_ids has 2, and shards = 2 are numbered 0 to 1"),
        ("[discord]\nshards = 2\nshard_ids = [1, 1]", "discord: shard_ids has one twice"),
        ("[discord]\nxyz = 3", "discord.xyz: there is no such setting\n"),
        ("[recognition]\nexecutor = 'dask'", 'recognition: executor = "dask" needs dask_address'),
        (
            "[recognition]\nexecutor = 'dask'\ndask_address = 'tcp://host:8786'\ndask_ca = 'ca.pem'",
            'recognition: dask_ca, dask_certificate and dask_key are for a dask_address that begins with "tls://"',
        ),
        ("[models]\nurl = 'models'", "models.url: 'models' is neither a URL, as"),
        ("[database]\nurl = 'mysql://bot:secret@host/name'", "database.url: that is no URL of a database"),
        ("[retraining]\nevery = 'daily'", 'retraining.every: minutes, hours or days are wanted, as "30m"'),
        ("[retraining]\nevery = '0h'", "retraining.every: that is no time at all"),
        ("[retraining]\nevery = 24", "retraining.every: minutes, hours or days are wanted"),
        ("[retraining]\nquiet = 'at night'", 'retraining.quiet: two times of the day are wanted, as "23:00-07:00"'),
        ("[retraining]\nquiet = '25:00-07:00'", "retraining.quiet: 25:00-07:00 is no two times of a day"),
        ("[retraining]\nquiet = '07:00-07:00'", "retraining.quiet: it ends when it begins"),
        ("[retraining]\ntime_zone = 'Atlantis'", "retraining.time_zone: 'Atlantis' is no time zone that I know"),
        ("[retraining]\nmegabytes = 10", "retraining.megabytes: input should be greater than or equal to 1024"),
        ("[recognition]\nworkers = 0", "recognition.workers: input should be greater than or equal to 1"),
        (
            "[recognition]\nexecutor = 'rocket'",
            "recognition.executor: input should be 'processes' or 'dask'",
        ),
        ("[recognition]\nbackbone = 'xception'", "recognition.backbone: 'xception' is neither koredare, "),
        ("[recognition.onnx]\nstd = [1, 0, 1]", "recognition.onnx.std.1: input should be greater than 0"),
        ("[feedback]\nquorum = 'two'", "feedback.quorum: a whole number is wanted"),
        ("nonsense", "not valid TOML"),
        ("home = '/tmp'", "chosen with --home"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(written(tmp_path, text), home=tmp_path)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("discord = 1", "discord: a table is wanted, its name in brackets"),
        ("[recognition]\ndetectors = 'own.xml'", 'recognition.detectors: a list in brackets is wanted, as ["one", "an'),
        ("[recognition]\nworkers = 2.5", "recognition.workers: a whole number is wanted"),
        ("[recognition]\nbackbone = '~who is she/own.onnx'", "'~who is she/own.onnx': nobody is called so here"),
        ("[recognition]\ndetectors = ['~who is she/own.xml']", "'~who is she/own.xml': nobody is called so here"),
        ("[models]\nurl = '~who is she/models'", "'~who is she/models': nobody is called so here"),
        ("[retraining]\nevery = '99999999999999999h'", "retraining.every: that is longer than anybody waits"),
        ("a = " + "[" * 5000, "is not valid TOML"),
        ("a = " + "9" * 5000, "is not valid TOML"),
        ("a = '" + "9" * 2**20 + "'", "File too large"),
    ],
)
def test_a_stranger_mistake_is_named_too(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        load_settings(written(tmp_path, text), home=tmp_path)


def test_a_file_that_windows_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_bytes('\ufeff[discord]\r\nprefix = "?"\r\n'.encode())
    assert load_settings(tmp_path / "my.toml", home=tmp_path).discord.prefix == "?"


def test_what_can_be_no_data_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for home in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "circle", Path("~who is she/koredare")):
        with pytest.raises(ConfigError, match="choose another with --home"):
            load_settings(home=home)


@pytest.mark.parametrize("url", ["file:///mnt/models", "/mnt/models", "/mnt/models/"])
def test_a_mounted_folder_is_a_store_too(tmp_path: Path, url: str) -> None:
    settings = load_settings(written(tmp_path, f"[models]\nurl = '{url}'"), home=tmp_path)
    assert settings.registry(7).store.shown("v1").startswith("file:///mnt/models/7/v1")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*nowhere.toml: No such file"):
        load_settings(tmp_path / "nowhere.toml", home=tmp_path)
