"""What a verifier is taught: the boxes that people drew, mended where they are wrong, and scenes beside pictures."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from ml.faces.verifier import VerifierError, probabilities
from ml.pretraining import marked
from ml.pretraining.verifier import Candidates, fit

DRAWN = {"a.jpg": [{"box": [1, 2, 30, 30], "by": "somebody"}], "b.jpg": [{"box": [5, 5, 20, 20]}]}


def test_boxes_that_are_known_to_be_wrong_are_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, mended = tmp_path / "boxes.json", tmp_path / "corrected.json"
    path.write_text(json.dumps(DRAWN))
    mending = {"of": hashlib.sha256(path.read_bytes()).hexdigest(), "boxes": {"b.jpg": [[9, 9, 40, 40]]}}
    mended.write_text(json.dumps(mending))
    assert marked.boxes(path) == {"a.jpg": [(1, 2, 30, 30)], "b.jpg": [(5, 5, 20, 20)]}  # other boxes are left alone
    monkeypatch.setattr(marked, "_CORRECTED", mended)
    assert marked.boxes(path) == {"a.jpg": [(1, 2, 30, 30)], "b.jpg": [(9, 9, 40, 40)]}
    path.write_text("{}{")
    with pytest.raises(VerifierError, match=r"boxes\.json holds no boxes that I can read"):
        marked.boxes(path)


def test_what_only_scenes_show_is_believed_and_pictures_decide_where_they_differ() -> None:
    rng = np.random.default_rng(0)
    directions = np.eye(8, dtype=np.float32)
    #                     a face   none     in profile, none: of scenes only; and one that scenes show wrongly
    shown = [(0, True, False), (1, False, False), (2, True, True), (3, False, True), (1, True, True)]
    rows = [(directions[way] + 0.1 * rng.normal(size=8), face, made) for way, face, made in shown for _ in range(50)]
    seen, faces, made = (np.array(column) for column in zip(*rows, strict=True))
    candidates = Candidates(seen.astype(np.float32), faces, np.zeros(len(faces), np.int64), made)
    face, none, profile, back = probabilities(directions[:4], fit(candidates))
    assert min(face, profile) > 0.8
    assert max(none, back) < 0.2
