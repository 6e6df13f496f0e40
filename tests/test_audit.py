"""What CI says of versions that are known to be vulnerable, and where nobody can say."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "audit.py"


@pytest.fixture
def audit() -> Any:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(name: str, *hits: str) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": [{"id": hit, "fix_versions": ["2"]} for hit in hits]}


def test_a_known_vulnerability_fails_and_silence_only_warns(audit: Any) -> None:
    unknown = {"name": "b", "skip_reason": "Dependency not found on PyPI"}
    code, said = audit.verdict({"dependencies": [package("a", "PYSEC-1"), unknown]})
    assert code == 1
    assert "a 1: PYSEC-1, mended in 2" in said
    assert audit.verdict({"dependencies": [package("a"), unknown]}) == (
        0,
        "audit: nothing is known against 1 of 2 packages.",
    )
    code, said = audit.verdict({"dependencies": [unknown]})
    assert code == 0
    assert "WARNING" in said


def test_without_a_network_it_only_warns(
    audit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "HOME", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\necho 'no route to host' >&2; exit 1\n")
    (tmp_path / "bin" / "python").chmod(0o755)
    assert audit.main() == 0
    assert "WARNING: nothing could be looked up (no route to host)" in capsys.readouterr().err
