"""The doctor asks for a package where the configuration does, and nowhere else."""

from pathlib import Path

import pytest

from bot.config import load_settings
from bot.shell import packages

CLUSTER = '[recognition]\nexecutor = "dask"\ndask_address = "tcp://scheduler:8786"\n'


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        ("", {"tensorflow": "train"}),
        (CLUSTER, {"distributed": "dask"}),  # whose workers retrain
        (f'{CLUSTER}backbone = "/models/ccip.onnx"\n', {"distributed": "dask", "onnxruntime": "onnx"}),
        ('[database]\nurl = "postgresql://host/name"\n', {"tensorflow": "train", "psycopg": "postgres"}),
        ('[models]\nurl = "file:///mnt/models"\n', {"tensorflow": "train", "fsspec": "store"}),
    ],
)
def test_what_was_chosen_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, wanted: dict[str, str]
) -> None:
    (tmp_path / "config.toml").write_text(config)
    settings = load_settings(home=tmp_path)
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    missed = list(packages.findings(settings))
    assert [fine for fine, _ in missed] == [False] * len(wanted)
    for (_, text), (name, extra) in zip(missed, wanted.items(), strict=True):
        assert text.startswith(f"{name} is not installed: ")
        assert text.endswith(f"needs it: pip install 'koredare[{extra}]'")
    monkeypatch.setattr(packages, "find_spec", lambda _: object())
    assert list(packages.findings(settings)) == [(True, f"{name} is installed") for name in wanted]
