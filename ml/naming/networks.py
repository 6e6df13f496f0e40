"""Networks in files, ready to run: LiteRT runs `.tflite`, and onnxruntime, where it is installed, `.onnx`."""

import hashlib
import importlib
import os
import re
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Protocol

import numpy as np
from pydantic import TypeAdapter, ValidationError

from ml.arrays import Floats
from ml.errors import KoredareError

LITERT: Final = ".tflite"
ONNX: Final = ".onnx"
_READING: Final = ".json"  # beside an ONNX file
_FLOATS: Final = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
_TABLE: Final = "under [recognition.onnx]"
_GREETING: Final = b"Created TensorFlow Lite XNNPACK delegate"
_stderr: Final = threading.Lock()  # held by whoever has turned it aside


class Unfit(Exception):
    """What is wrong with a network; whoever named the file adds which it is, and the mend."""


class OnnxMissing(KoredareError):
    """The backbone is an ONNX file, and what runs these is an extra."""

    def __init__(self) -> None:
        super().__init__("The backbone is an ONNX file, and onnxruntime is not installed: pip install 'koredare[onnx]'")


class Network(Protocol):
    """Turns pictures into vectors; keeps its tensors between calls, so it belongs to one thread at a time.

    Attributes
    ----------
    size
        Side of its input, pixels.
    dimensions
        Length of a vector.
    """

    size: int
    dimensions: int

    def run(self, pixels: Floats) -> Floats:
        """Two pictures, RGB, float32, 0..255, shape (2, size, size, 3), to float32, shape (2, dimensions)."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """How a network in an ONNX file wants its pictures, and which of its outputs is the vector.

    Attributes
    ----------
    mean, std
        What is taken from red, green and blue, 0..1, and what the rest is divided by.
    size
        Side of its input, pixels; None: as the file says.
    output
        Name of the output; None: its only one.
    """

    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    size: int | None = None
    output: str | None = None


_AS_JSON: Final = TypeAdapter(Reading)


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A network as it is stored: its file, and of an ONNX file the JSON beside it.

    Attributes
    ----------
    content
        A `.tflite` or `.onnx` file.
    reading
        How an ONNX network is to be used; None: it is LiteRT's.
    """

    content: bytes
    reading: Reading | None = None

    @classmethod
    def read(cls, path: Path) -> "NetworkFile":
        """Read what `write` wrote.

        Raises
        ------
        OSError
            A file is missing or cannot be read.
        Unfit
            What lies beside an ONNX file is damaged.
        """
        if path.suffix != ONNX:
            return cls(path.read_bytes())
        try:
            return cls(path.read_bytes(), _AS_JSON.validate_json(path.with_suffix(_READING).read_bytes()))
        except ValidationError as error:
            raise Unfit(f"{path.with_suffix(_READING).name} beside it cannot be read") from error

    def write(self, folder: Path, name: str) -> None:
        """Write `name` and its suffix into a folder."""
        (folder / f"{name}{self.suffix}").write_bytes(self.content)
        if self.reading is not None:
            (folder / f"{name}{_READING}").write_bytes(_AS_JSON.dump_json(self.reading))

    @property
    def suffix(self) -> str:
        """Of the file."""
        return LITERT if self.reading is None else ONNX

    @property
    def fingerprint(self) -> str:
        """SHA-256, hexadecimal: of the file, and of an ONNX network with how it is used, for it decides as much."""
        about = b"" if self.reading is None else _AS_JSON.dump_json(self.reading)
        digest = hashlib.sha256(about)
        digest.update(self.content)
        return digest.hexdigest()

    def start(self, *, threads: int = 1) -> Network:
        """The network, ready to run on so many processor cores.

        Raises
        ------
        Unfit
            It is damaged, or does not turn pictures into vectors.
        OnnxMissing
            onnxruntime is not installed.
        """
        return LiteRT(self.content, threads) if self.reading is None else Onnx(self.content, self.reading, threads)


class LiteRT:
    """A network as `python -m ml.pretraining export` writes it: from RGB, 0..255, and without preprocessing."""

    def __init__(self, content: bytes, threads: int) -> None:
        with litert() as library:
            self._interpreter = _interpreter(library.Interpreter(model_content=content, num_threads=threads))
        given, got = self._interpreter.get_input_details()[0], self._interpreter.get_output_details()[0]
        self._input: int = given["index"]
        self._output: int = got["index"]
        self.size = int(given["shape"][1])
        self.dimensions = int(got["shape"][1])

    def run(self, pixels: Floats) -> Floats:
        """See `Network`."""
        self._interpreter.set_tensor(self._input, pixels)
        self._interpreter.invoke()
        return self._interpreter.get_tensor(self._output)


@contextmanager
def litert() -> Generator[Any]:
    """LiteRT's module of interpreters, while one is made ready: without its greeting, and with one class of errors.

    Raises
    ------
    Unfit
        What is made ready is damaged.
    """
    library: Any = importlib.import_module("ai_edge_litert.interpreter")  # not for who only asks where a network lies
    try:
        with _without_greeting():
            yield library
    # LiteRT has no errors of its own: what is wrong with a file comes as whichever class the fault led to.
    except (ValueError, RuntimeError, UnicodeDecodeError, IndexError) as error:
        raise Unfit(str(error)) from error


def _interpreter(interpreter: Any) -> Any:
    """Make an interpreter's input a pair of pictures, or raise whatever shows that it cannot be."""
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


class Onnx:
    """A network of anybody's, from RGB: (n, 3, size, size) or (n, size, size, 3), n being 1, 2 or open."""

    def __init__(self, content: bytes, reading: Reading, threads: int) -> None:
        self._session = _session(content, threads)
        given = _only(self._session.get_inputs(), "input", "")
        self._input: str = given.name
        if given.type not in _FLOATS or len(given.shape) != 4:
            raise Unfit(f"its input {given.name} is {given.type} {given.shape}, not pictures in floating point")
        self._type = _FLOATS[given.type]
        count, *sides = given.shape
        self._channels_first = sides[2] != 3
        channels, height, width = sides if self._channels_first else (3, *sides[:2])
        if channels != 3 and isinstance(channels, int):
            raise Unfit(f"its input {given.name} is {given.shape}: {channels} channels, not red, green and blue")
        if isinstance(count, int) and count not in (1, 2):
            raise Unfit(f"it reads {count} pictures at once: export it for one, or for any number")
        self._one_by_one = count == 1
        self.size = _side(height, width, reading.size)
        scale = 255 * np.array(reading.std, np.float32)
        self._scale, self._shift = scale, np.array(reading.mean, np.float32) * 255 / scale
        got = _only(self._session.get_outputs(), "output", f": choose one as output {_TABLE}", chosen=reading.output)
        self._output: str = got.name
        tried = self._tried()
        if tried.ndim < 2 or tried.shape[0] != 2 or not tried.size or tried.size != 2 * tried.shape[1]:
            raise Unfit(f"its output {got.name} for two pictures is of shape {tried.shape}, not two vectors")
        if not np.isfinite(tried).all():
            raise Unfit(f"of a black picture its output {got.name} is not finite")
        self.dimensions = int(tried.shape[1])

    def run(self, pixels: Floats) -> Floats:
        """See `Network`."""
        return self._raw(pixels).reshape(len(pixels), self.dimensions).astype(np.float32)

    def _tried(self) -> Floats:
        try:
            return self._raw(np.zeros((2, self.size, self.size, 3), np.float32))
        except Exception as error:  # onnxruntime's errors have no root but this
            raise Unfit(f"it does not run on pictures of {self.size} pixels: {_first(error)}") from error

    def _raw(self, pixels: Floats) -> Floats:
        values = (pixels / self._scale - self._shift).astype(self._type)
        if self._channels_first:
            values = np.ascontiguousarray(values.transpose(0, 3, 1, 2))
        parts = np.split(values, len(values)) if self._one_by_one else [values]
        return np.concatenate([self._session.run([self._output], {self._input: part})[0] for part in parts])


def _session(content: bytes, threads: int) -> Any:
    try:
        onnxruntime: Any = importlib.import_module("onnxruntime")  # an extra, without types of its own
    except ImportError as error:
        raise OnnxMissing from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised, too
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no root but this
        raise Unfit(f"onnxruntime refuses it: {_first(error)}") from error


def _only(found: Sequence[Any], kind: str, mend: str, *, chosen: str | None = None) -> Any:
    """The input or output of this name, or the only one."""
    names = [each.name for each in found]
    if chosen is not None and chosen not in names:
        raise Unfit(f"it has no {kind} {chosen!r}, but {', '.join(names)}{mend}")
    if chosen is None and len(found) != 1:
        raise Unfit(f"it has {len(found)} {kind}s ({', '.join(names)}){mend}")
    return next(each for each in found if chosen in (None, each.name))


def _side(height: object, width: object, chosen: int | None) -> int:
    fixed = {side for side in (height, width) if isinstance(side, int)}
    if len(fixed) > 1:
        raise Unfit(f"it reads pictures of {width} × {height} pixels, not squares")
    if not fixed and chosen is None:
        raise Unfit(f"it reads pictures of any size: say as size {_TABLE} which it was made for")
    side = chosen or int(*fixed)
    if fixed - {side}:
        raise Unfit(f"it reads {fixed.pop()} pixels, not {chosen}: correct size {_TABLE}, or leave it 0")
    return side


def _first(error: Exception) -> str:
    """What onnxruntime says, without its codes and on one line."""
    return re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", str(error).strip().partition("\n")[0])[:300]


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
