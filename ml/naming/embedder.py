"""Faces as vectors: a small network, run by LiteRT, that puts pictures of one character close together."""

import hashlib
import os
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter  # pyright: ignore[reportMissingTypeStubs]  # it ships none

from ml.errors import KoredareError
from ml.pictures.reading import Picture

# Of a crop's side. Against the whole crop mirrored, at the same cost: 0.7 points of naming and 0.007 of the AUROC of
# strangers (25 unseen characters, 5 pictures each).
_MIDDLE: Final = 0.75
_REMEMBERED: Final = 32  # as many as the candidates of one look at a picture
_GREETING: Final = b"Created TensorFlow Lite XNNPACK delegate"
_stderr: Final = threading.Lock()  # held by whoever has turned it aside


class EmbedderError(KoredareError):
    """The embedder's file is missing, damaged, or no embedder."""


class Embedder:
    """A network in a `.tflite` file, ready to run.

    The interpreter keeps its tensors between calls: an embedder belongs to one thread at a time.

    Parameters
    ----------
    path
        A network from square RGB, float32, 0..255, to one vector, as `python -m ml.pretraining export` writes it.
        The file is read once; what happens to it later does not matter.
    threads
        Processor cores that one call may use.

    Attributes
    ----------
    size
        Side of the network's input, pixels.
    dimensions
        Length of an embedding.
    fingerprint
        SHA-256 of the file, hexadecimal. Embeddings with different fingerprints cannot be compared.

    Raises
    ------
    EmbedderError
        The file is missing, damaged, or no embedder.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        network = _read(path)
        self.fingerprint = hashlib.sha256(network).hexdigest()
        try:
            with _without_greeting():
                self._interpreter = _started(network, threads)
        # LiteRT has no errors of its own: what is wrong with a file comes as whichever class the fault led to.
        except (ValueError, RuntimeError, UnicodeDecodeError, IndexError) as error:
            raise EmbedderError(
                f"{path} is damaged, or is no embedder ({error}): "
                "take it from the project again, or write it with `python -m ml.pretraining export`."
            ) from error
        given, got = self._interpreter.get_input_details()[0], self._interpreter.get_output_details()[0]
        self._input: int = given["index"]
        self._output: int = got["index"]
        self.size = int(given["shape"][1])
        self.dimensions = int(got["shape"][1])
        # What was judged to be a face is named from the same crop.
        self._embed = lru_cache(maxsize=_REMEMBERED)(self._embed_anew)

    def embed(self, crops: Sequence[Picture]) -> npt.NDArray[np.float32]:
        """Turn face crops into vectors.

        Each crop is looked at as it is, and its middle again, mirrored and enlarged: faces differ in which way they
        look and in how closely they were cut out. The two vectors are averaged, and the average is scaled to unit
        length. A crop that was just embedded is not embedded again.

        Parameters
        ----------
        crops
            RGB, uint8, shape (height, width, 3), of any size, upright, one face filling each. They are
            resized; of one that is not square, the central square is taken.

        Returns
        -------
        float32, shape (n, dimensions); rows of unit length, so that their products are cosines.

        Raises
        ------
        ValueError
            A crop has no pixels, or another shape or type.
        """
        rows = [self._embed(fitted(crop, self.size).tobytes()) for crop in crops]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)

    def _embed_anew(self, pixels: bytes) -> npt.NDArray[np.float32]:
        crop = np.frombuffer(pixels, np.uint8).reshape(self.size, self.size, 3)
        edge = round(self.size * (1 - _MIDDLE) / 2)
        middle = fitted(crop[edge:-edge, edge:-edge], self.size)
        self._interpreter.set_tensor(self._input, np.stack([crop, middle[:, ::-1]]).astype(np.float32))
        self._interpreter.invoke()
        mean: npt.NDArray[np.float32] = self._interpreter.get_tensor(self._output).mean(axis=0)
        length = float(np.linalg.norm(mean))
        return mean / np.float32(max(length, 1e-12))


def fingerprint(path: Path) -> str:
    """SHA-256 of an embedder's file, hexadecimal, without loading it.

    Raises
    ------
    EmbedderError
        The file cannot be read.
    """
    return hashlib.sha256(_read(path)).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EmbedderError(
            f"The embedder {path} cannot be read ({error.strerror}): "
            "take it from the project again, or write it with `python -m ml.pretraining export`."
        ) from error


@contextmanager
def _without_greeting() -> Generator[None]:
    """Keep LiteRT from announcing its delegate on stderr, between the lines of whoever called; no setting of it does.

    It writes past Python. Whatever else is said meanwhile, of a damaged file or by another thread, is said afterwards.
    """
    with TemporaryFile() as aside, _stderr:
        try:
            terminal = os.dup(2)
        except OSError:  # there is no stderr
            yield
            return
        os.dup2(aside.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            aside.seek(0)
            with suppress(OSError):  # nobody reads it
                os.write(2, b"".join(line for line in aside if _GREETING not in line))


def _started(network: bytes, threads: int) -> Any:
    """Give an interpreter whose input is a pair of pictures, or raise whatever shows that there is none in it."""
    interpreter: Any = Interpreter(model_content=network, num_threads=threads)
    given, got = interpreter.get_input_details(), interpreter.get_output_details()
    if len(given) != 1 or len(got) != 1:
        raise ValueError(f"it has {len(given)} inputs and {len(got)} outputs")
    _, height, width, channels = given[0]["shape"]
    if height != width or channels != 3 or given[0]["dtype"] != np.float32:
        raise ValueError(f"its input is {height} × {width} × {channels}")
    if got[0]["dtype"] != np.float32 or len(got[0]["shape"]) != 2:
        raise ValueError("its output is no vector")
    interpreter.resize_tensor_input(given[0]["index"], [2, height, width, channels], strict=True)
    interpreter.allocate_tensors()
    return interpreter


def fitted(crop: Picture, size: int) -> Picture:
    """A crop's central square, in the size that a network reads.

    Returns
    -------
    RGB, uint8, shape (size, size, 3).

    Raises
    ------
    ValueError
        The crop has no pixels, or another shape or type.

    Notes
    -----
    Averaging over areas when shrinking keeps line art free of moiré, a cubic when growing keeps it sharp. On 506
    crops of four unseen characters, the central square named 1 point more than stretching did, 0.4 more than padding.
    """
    if crop.ndim != 3 or crop.shape[2] != 3 or crop.dtype != np.uint8 or 0 in crop.shape:
        raise ValueError(f"a crop must be RGB, uint8, (height, width, 3), not {crop.dtype} {crop.shape}")
    height, width = crop.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = crop[top : top + side, left : left + side]
    filter_ = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(square, (size, size), interpolation=filter_), np.uint8)
