"""Weights go into the network and come out again; what does not fit is refused whole."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.pretraining import check, weights
from ml.pretraining.weights import WeightsError


def test_what_is_put_in_comes_out(built: Any, shipped: weights.Arrays) -> None:
    taken = weights.taken_from(built)
    assert taken.keys() == shipped.keys()
    for name, array in shipped.items():
        np.testing.assert_array_equal(taken[name], array)
        assert taken[name].dtype == array.dtype


def test_written_weights_are_read_again(tmp_path: Path, shipped: weights.Arrays) -> None:
    weights.write(tmp_path / "weights.npz", shipped)
    again = weights.read(tmp_path / "weights.npz")
    assert again.keys() == shipped.keys()
    np.testing.assert_array_equal(again["_conv_stem.weight"], shipped["_conv_stem.weight"])


def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shipped: weights.Arrays
) -> None:
    path = tmp_path / "weights.npz"
    weights.write(path, {"a": np.ones(3)})

    def full_disk(file: Any, **_: Any) -> None:
        file.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez_compressed", full_disk)
    with pytest.raises(OSError, match="no space"):
        weights.write(path, shipped)
    np.testing.assert_array_equal(weights.read(path)["a"], np.ones(3))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda arrays: arrays.pop("_bn0.bias"), "lack _bn0.bias"),
        (lambda arrays: arrays.update(surprise=np.ones(3)), "no place for surprise"),
        (lambda arrays: arrays.update({"_bn0.bias": np.ones(31)}), "_bn0.bias has the shape"),
        (lambda arrays: arrays.update({"_conv_stem.weight": np.ones(32)}), "_conv_stem.weight has the shape"),
        (lambda arrays: arrays.update({"_bn0.bias": np.full(32, np.nan)}), "not finite"),
    ],
    ids=["missing", "left over", "wrong length", "wrong axes", "not a number"],
)
def test_weights_that_do_not_fit_change_nothing(built: Any, shipped: weights.Arrays, spoil: Any, said: str) -> None:
    before = check.by_keras(check.pattern(), built)
    arrays = {name: array * 2 for name, array in shipped.items()}
    spoil(arrays)
    with pytest.raises(WeightsError, match=said):
        weights.put_into(built, arrays)
    np.testing.assert_array_equal(check.by_keras(check.pattern(), built), before)


def test_missing_weights_are_told_with_their_path(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no file of weights at .*nowhere\.npz"):
        weights.read(tmp_path / "nowhere.npz")


@pytest.mark.parametrize("part", [0.0, 0.001, 0.5, 0.999])
def test_truncated_weights_are_refused(tmp_path: Path, part: float) -> None:
    whole = tmp_path / "whole.npz"
    weights.write(whole, {"a": np.random.default_rng(0).random(1000)})
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * part)])
    with pytest.raises(WeightsError, match=r"damaged\.npz is no \.npz file of weights, or is damaged"):
        weights.read(damaged)


def test_weights_that_would_run_code_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "pickled.npz", allow_pickle=True, a=np.array([{"not": "numbers"}], object))
    with pytest.raises(WeightsError, match="damaged"):
        weights.read(tmp_path / "pickled.npz")
