"""The classic steps on folders: crop, resize, split."""

import hashlib
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ml import RecognizerSettings
from ml.datasets.folders import FolderError, labelled, new_folder
from ml.datasets.splitting import sides_of, split
from ml.datasets.steps import crop, resize
from ml.faces.crops import crop_face, tighten
from ml.faces.face import Box, Face
from ml.painting import CAST
from ml.pictures import reading
from tests.conftest import png

SETTINGS = RecognizerSettings(detectors=("koredare_lbp",))


def silent(done: int, total: int) -> None:
    assert done <= total


def noise(path: Path, seed: int, *, side: int = 40) -> Path:
    """A picture unlike any of another seed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rough = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (20, 20, 3), np.uint8))
    rough.resize((side, side), Image.Resampling.BICUBIC).save(path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "Akeha").mkdir()
    (folder / "Akeha" / "one.png").write_bytes(png(CAST[0], seed=1))
    (folder / "Akeha" / "two.png").write_bytes(png(CAST[0], CAST[1], seed=2))
    Image.new("RGB", (200, 200), "white").save(folder / "Akeha" / "empty.jpg")
    (folder / "Akeha" / "notes.txt").write_text("no picture")
    noise(folder / "stray.png", 0)
    return folder


@pytest.fixture(scope="module")
def cropped(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("steps") / "crops"
    written = crop(pictures, target, settings=SETTINGS, progress=silent)
    assert (written.files, written.unrecognized, written.several) == ({"Akeha": 3}, 1, 1)
    assert [each.path.name for each in written.left_out] == ["stray.png", "notes.txt"]
    return target


def test_every_face_is_cropped_and_pictures_without_one_are_put_aside(cropped: Path, pictures: Path) -> None:
    assert names(cropped) == ["Akeha/one.png", "Akeha/two-1.png", "Akeha/two-2.png", "unrecognized/Akeha/empty.jpg"]
    put_aside = (cropped / "unrecognized" / "Akeha" / "empty.jpg").read_bytes()
    assert put_aside == (pictures / "Akeha" / "empty.jpg").read_bytes()


def test_resizing_makes_squares_and_passes_over_what_was_put_aside(cropped: Path, tmp_path: Path) -> None:
    resize(cropped, tmp_path / "small", progress=silent)
    assert names(tmp_path / "small") == ["Akeha/one.png", "Akeha/two-1.png", "Akeha/two-2.png"]
    for path in (tmp_path / "small" / "Akeha").iterdir():
        with Image.open(path) as small:
            assert small.size == (96, 96)


@pytest.mark.parametrize("seed", range(6))
def test_crops_of_one_picture_stay_together_even_when_resized(cropped: Path, tmp_path: Path, seed: int) -> None:
    resize(cropped, tmp_path / "small", size=48, progress=silent)
    split(tmp_path / "small", tmp_path / "sets", share=0.5, seed=seed, progress=silent)
    sides = {path.name: path.parts[-3] for path in (tmp_path / "sets").rglob("*.png")}
    assert sides["two-1.png"] == sides["two-2.png"] != sides["one.png"]


def test_what_the_embedder_sees_of_a_crop_is_what_it_sees_of_the_whole_picture(tmp_path: Path) -> None:
    path = tmp_path / "in" / "Akeha" / "one.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(png(CAST[0], seed=1))
    crop(tmp_path / "in", tmp_path / "out", settings=SETTINGS, progress=silent)
    made = reading.decode((tmp_path / "out" / "Akeha" / "one.png").read_bytes())
    from ml import Recognizer  # noqa: PLC0415

    (found,) = Recognizer(SETTINGS).recognize(path.read_bytes()).faces
    seen = crop_face(reading.decode(path.read_bytes()), Face(found.box, found.angle, found.score), size=112)
    tight = tighten(made)
    again = crop_face(tight, Face(Box(0, 0, *tight.shape[1::-1]), 0.0, 1.0), size=112, zoom=1.0)
    assert np.abs(seen.astype(int) - again).mean() < 6


def test_a_picture_that_appears_again_is_on_one_side(tmp_path: Path) -> None:
    for i in range(10):
        noise(tmp_path / "in" / "Riko" / f"{i}.png", i, side=80)
    with Image.open(tmp_path / "in" / "Riko" / "0.png") as picture:
        picture.resize((60, 60)).save(tmp_path / "in" / "Riko" / "smaller.jpg", quality=60)
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "in" / "Riko" / "mirrored.png")
    (tmp_path / "in" / "Maki").mkdir()
    shutil.copy(tmp_path / "in" / "Riko" / "0.png", tmp_path / "in" / "Maki" / "copy.png")
    noise(tmp_path / "in" / "Maki" / "other.png", 77)
    for seed in range(5):
        found = split(tmp_path / "in", tmp_path / f"out{seed}", share=0.4, seed=seed, progress=silent)
        assert found.together == 4
        side = {path.name: path.parts[-3] for path in (tmp_path / f"out{seed}").rglob("*.*")}
        assert side["0.png"] == side["smaller.jpg"] == side["mirrored.png"] == side["copy.png"] != side["other.png"]


def test_the_same_seed_splits_alike_whatever_the_files_are_called(tmp_path: Path) -> None:
    for i in range(12):
        noise(tmp_path / "in" / "Riko" / f"{i}.png", i)
        noise(tmp_path / "renamed" / "Riko" / f"{99 - i}.png", i)
    noise(tmp_path / "in" / "_unknown" / "somebody.png", 50)
    tested: dict[str, set[str]] = {}
    for name, seed in (("in", 3), ("renamed", 3), ("in", 4)):
        out = tmp_path / f"{name}-{seed}"
        found = split(tmp_path / name, out, share=0.25, seed=seed, progress=silent)
        assert (found.train["Riko"], found.test["Riko"]) == (9, 3)
        tested[out.name] = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (out / "test" / "Riko").iterdir()}
    assert tested["in-3"] == tested["renamed-3"] != tested["in-4"]
    assert names(tmp_path / "in-3" / "test" / "_unknown") == ["somebody.png"]
    assert not (tmp_path / "in-3" / "train" / "_unknown").exists()


@given(
    files=st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 9)), min_size=1, max_size=40),
    share=st.floats(0.05, 0.95),
    shuffle=st.randoms(use_true_random=False),
)
def test_groups_are_never_torn_and_no_character_is_tested_on_alone(files, share, shuffle) -> None:  # noqa: ANN001
    characters = [character for character, _ in files]
    together = np.array([group for _, group in files])
    order = list(range(len(files)))
    shuffle.shuffle(order)
    test = sides_of(characters, together, order, share=share)
    for group in set(together.tolist()):
        assert len(set(test[together == group].tolist())) == 1
    owners: dict[int, set[str]] = defaultdict(set)
    for character, group in files:
        owners[group].add(character)
    for character in set(characters):
        mine = [bool(side) for side, name in zip(test, characters, strict=True) if name == character]
        own = {group for name, group in files if name == character and owners[group] == {name}}
        assert not all(mine)
        assert any(mine) or len(own) < 2
        groups = Counter(group for name, group in files if name == character)
        if set(groups) == own:  # one that shares a group may be tested on for the other's sake
            assert sum(mine) <= max(1, round(share * len(mine)), *groups.values())


@pytest.mark.parametrize("step", ["crop", "resize", "split"])
def test_nothing_is_ever_written_over(tmp_path: Path, step: str) -> None:
    noise(tmp_path / "in" / "Riko" / "0.png", 0)
    noise(tmp_path / "full" / "precious.png", 1)
    (tmp_path / "empty").mkdir()

    def run(target: Path) -> object:
        if step == "crop":
            return crop(tmp_path / "in", target, settings=SETTINGS, progress=silent)
        return (resize if step == "resize" else split)(tmp_path / "in", target, progress=silent)

    for target, said in (("full", "not empty"), ("in/out", "lies inside"), ("full/precious.png", "not empty")):
        with pytest.raises(FolderError, match=said):
            run(tmp_path / target)
    assert names(tmp_path / "full") == ["precious.png"]
    run(tmp_path / "empty")
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_what_was_broken_off_does_not_look_complete(tmp_path: Path) -> None:
    noise(tmp_path / "in" / "Riko" / "0.png", 0)
    noise(tmp_path / "in" / "Riko" / "1.png", 1)

    def breaks(done: int, total: int) -> None:
        assert [path.suffix for path in tmp_path.iterdir() if path.name != "in"] == [".part"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resize(tmp_path / "in", tmp_path / "out", progress=breaks)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_files_that_differ_in_their_suffix_only_are_both_kept(tmp_path: Path) -> None:
    noise(tmp_path / "in" / "Riko" / "a.png", 0)
    noise(tmp_path / "in" / "Riko" / "a.jpg", 1)
    noise(tmp_path / "in" / "Riko" / "A.bmp", 2).rename(tmp_path / "in" / "Riko" / "b.bmp")
    written = resize(tmp_path / "in", tmp_path / "out", progress=silent)
    assert names(tmp_path / "out") == ["Riko/a.png", "Riko/a~2.png"]
    assert [each.path.name for each in written.left_out] == ["b.bmp"]


@pytest.mark.parametrize(("folder", "said"), [("nowhere", "is not a folder"), ("hollow", "no folder with pictures")])
def test_a_folder_without_labels_is_refused_in_a_sentence(tmp_path: Path, folder: str, said: str) -> None:
    (tmp_path / "hollow").mkdir()
    with pytest.raises(FolderError, match=said):
        labelled(tmp_path / folder)
    with pytest.raises(FolderError), new_folder(tmp_path / "out", apart_from=tmp_path / "hollow"):
        labelled(tmp_path / folder)
    assert not (tmp_path / "out").exists()


def test_sizes_and_shares_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    noise(tmp_path / "in" / "Riko" / "0.png", 0)
    with pytest.raises(FolderError, match="too small"):
        resize(tmp_path / "in", tmp_path / "out", size=8, progress=silent)
    with pytest.raises(FolderError, match="between 0 and 1"):
        split(tmp_path / "in", tmp_path / "out", share=1.0, progress=silent)
