"""What the Containerfile and compose.yaml say holds together, as far as that is seen without an engine."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import load_settings

ROOT = Path(__file__).parents[1]
CONTAINERFILE = (ROOT / "Containerfile").read_text()
Service = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    return compose["services"]


def stages() -> dict[str, str]:
    """The stages of the Containerfile, with their lines."""
    parts = re.split(r"^FROM \S+ AS (\S+)\n", CONTAINERFILE, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def mounts(service: Service) -> list[list[str]]:
    return [volume.split(":") for volume in service.get("volumes", ()) if ":" in volume]


def test_whatever_a_service_names_is_there(compose: dict[str, Any], services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert set(service["networks"]) <= compose["networks"].keys(), name
        assert service.get("depends_on", {}).keys() <= services.keys(), name
        for needed in service.get("depends_on", ()):  # "healthy" is what they wait for
            assert "test" in services[needed]["healthcheck"], needed
        for source, *_ in mounts(service):
            assert source in compose["volumes"] or (ROOT / source).is_file(), source
        if "build" in service:
            assert service["build"]["target"] in stages(), name
    assert compose["networks"]["inside"]["internal"]
    assert [name for name, service in services.items() if "outside" in service["networks"]] == ["bot-0", "bot-1"]


def test_what_runs_our_code_is_nobody_and_writes_only_where_it_is_to(services: dict[str, Service]) -> None:
    assert "USER 10001:10001" in stages()["base"]
    owned = re.findall(r"install -d -o koredare -g koredare (.*)", stages()["base"])[0].split()
    for name, service in services.items():
        if "build" not in service:
            continue
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["tmpfs"][0].startswith("/tmp:"), name
        written = [parts[1] for parts in mounts(service) if not parts[0].startswith(".")]
        written += [volume for volume in service["volumes"] if ":" not in volume]
        assert "/data" in written, name
        assert set(written) <= set(owned), name  # else a volume there would be root's


def test_each_bot_is_configured_as_the_bot_understands_it(
    services: dict[str, Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    shards = set[int]()
    for name in ("bot-0", "bot-1"):
        for variable, value in services[name]["environment"].items():
            monkeypatch.setenv(variable, re.sub(r"\$\{\w+:\?\}", "secret", value))
        (config,) = (ROOT / source for source, there, *_ in mounts(services[name]) if there == "/data/config.toml")
        settings = load_settings(config, home=tmp_path)
        assert settings.discord.token.get_secret_value() == "secret"
        assert settings.database.url.get_secret_value() == "postgresql://koredare:secret@database/koredare"
        scheduler = re.fullmatch(r"tcp://(\w+):(\d+)", settings.recognition.dask_address)
        assert scheduler is not None
        assert scheduler[1] in services
        assert scheduler[2] in services[scheduler[1]]["entrypoint"]
        assert any(f"file://{there}" == settings.models.url for _, there, *_ in mounts(services[name]))
        assert settings.health.address is not None
        held += settings.discord.shard_ids
        shards.add(settings.discord.shards)
    assert shards == {len(held)}
    assert sorted(held) == list(range(len(held)))


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_dask_is_started_with_options_that_it_has(services: dict[str, Service], name: str) -> None:
    dask, which, *words = services[name]["entrypoint"]
    assert (dask, which) == ("dask", name)
    command: Any = import_module(f"distributed.cli.dask_{name}").main
    known = {word for option in command.params for word in (*option.opts, *option.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_image_is_asked_how_it_is_by_what_is_in_it() -> None:
    (asked,) = re.findall(r'HEALTHCHECK .*CMD \["python", "-m", "([\w.]+)"\]', CONTAINERFILE)
    assert import_module(f"{asked}.__main__").main
    assert list(stages())[-1] == "bot"  # what is built where nothing is asked for
    extras = re.findall(r"'\.\[(.*)\]'", CONTAINERFILE)
    assert [set(each.split(",")) for each in extras] == [
        {"postgres", "dask", "store"},
        {"postgres", "dask", "store", "train"},
    ]
