"""`python -m ml.pretraining`: check the network, export it, fine-tune it, embed strangers."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from ml.errors import KoredareError
from ml.naming.embedder import Embedder
from ml.pretraining import background, calibration
from ml.pretraining.division import CALIBRATING, CHOOSING, MEASURING

_MODELS: Final = Path(__file__).parents[2] / "models"
_WEIGHTS: Final = _MODELS / "embedder.npz"
_EMBEDDER: Final = _MODELS / "embedder.tflite"
_BACKGROUND: Final = _MODELS / "background.npz"
_SCOUT: Final = _MODELS / "scout.tflite"
_CROPS: Final = "a folder of face crops for each character"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0 if all went well, 1 if something has to be mended first; stderr says what."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "background":
            return _background(given)
        # Keras takes seconds to import, and TensorFlow below it talks a lot: only for those who need it.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        commands: Any = importlib.import_module("ml.pretraining.commands")
        return getattr(commands, f"{given.command}_network")(given)
    except KoredareError as error:
        print(error, file=sys.stderr)
        return 1


def _background(given: argparse.Namespace) -> int:
    embedder = Embedder(given.embedder)
    strangers: Iterator[background.Stranger] = iter(())
    if given.folder:
        strangers = background.crops_in(*given.folder, only=given.only)
    if given.boxes:
        marked = background.faces_in(given.pictures, given.boxes, size=embedder.size, leave_out=given.leave_out)
        strangers = chain(strangers, marked)
    learn = partial(calibration.learn, servers=given.servers, told=_told(given.servers))
    written, repeated = background.make(strangers, embedder, given.out, same=given.same, learn=learn)
    print(f"{given.out}: {written} faces; {repeated} were there already.")
    return 0


def _told(servers: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % 50 == 0:
            print(f"{done} of about {servers} servers simulated", file=sys.stderr)

    return tell


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.pretraining", description="How the shipped embedder is made.")
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="compare the Keras network with its PyTorch original, number by number")
    check.add_argument("--weights", type=Path, default=_WEIGHTS, metavar="NPZ")

    export = commands.add_parser("export", help="write the weights as a .tflite file")
    export.add_argument("--weights", type=Path, default=_WEIGHTS, metavar="NPZ")
    export.add_argument("--size", type=int, default=112, help="side of the input, pixels")
    export.add_argument("--out", type=Path, default=_EMBEDDER, metavar="TFLITE")

    _add_finetune(commands)

    whiten = commands.add_parser("whiten", help="fit the whitening of a network's features anew")
    whiten.add_argument("folder", type=Path, nargs="+", metavar="DIR", help=_CROPS)
    whiten.add_argument("--weights", type=Path, default=_WEIGHTS, metavar="NPZ")
    whiten.add_argument("--exclude", nargs="+", default=[], metavar="PATTERN", help="characters kept for measuring")
    whiten.add_argument("--limit", type=int, default=400, help="crops of one character at most")
    whiten.add_argument("--out", type=Path, required=True, metavar="NPZ")

    centre = commands.add_parser("centre", help="move the embeddings' origin to characters that it did not learn")
    centre.add_argument("folder", type=Path, nargs="+", metavar="DIR", help=_CROPS)
    centre.add_argument("--only", nargs="+", default=CALIBRATING, metavar="PATTERN", help="the characters to take")
    centre.add_argument("--weights", type=Path, default=_WEIGHTS, metavar="NPZ")

    _add_background(commands)
    _add_scout(commands)
    return parser


def _add_background(commands: Any) -> None:
    made = commands.add_parser(
        "background", help="embed characters that the embedder did not learn, and learn from them how sure to be"
    )
    made.add_argument("folder", type=Path, nargs="*", metavar="DIR", help=_CROPS)
    made.add_argument("--only", nargs="+", default=CALIBRATING, metavar="PATTERN", help="the characters to take")
    made.add_argument("--pictures", type=Path, metavar="DIR", help="whole pictures, with --boxes")
    made.add_argument("--boxes", type=Path, metavar="JSON", help='{"a.jpg": [{"box": [x, y, w, h]}]}, of heads')
    made.add_argument("--leave-out", nargs="*", default=[], metavar="a.jpg:0", help="boxes not to take")
    made.add_argument("--same", type=float, default=background.SAME, help="cosine from which a face is repeated")
    made.add_argument("--servers", type=int, default=calibration.SERVERS, help="how many to simulate")
    made.add_argument("--embedder", type=Path, default=_EMBEDDER, metavar="TFLITE")
    made.add_argument("--out", type=Path, default=_BACKGROUND, metavar="NPZ")


def _add_scout(commands: Any) -> None:
    scout = commands.add_parser(
        "scout",
        help="make the scout from the embedder's first blocks; killed, it goes on where it was",
        argument_default=argparse.SUPPRESS,
        parents=[_learning()],
    )
    scout.add_argument("--run", type=Path, required=True, metavar="DIR", help="checkpoint, log and weights")
    scout.add_argument("--weights", type=Path, default=_WEIGHTS, metavar="NPZ", help="the embedder's")
    not_learned = [*CALIBRATING, *CHOOSING, *MEASURING]
    scout.add_argument("--exclude", nargs="+", default=not_learned, metavar="PATTERN", help="characters not to take")
    scout.add_argument("--steps", type=int)
    scout.add_argument("--size", type=int, help="side of a scene, pixels")
    scout.add_argument("--sees", type=int, default=320, help="side of the input of what is written, pixels")
    scout.add_argument("--out", type=Path, default=_SCOUT, metavar="TFLITE")


def _add_finetune(commands: Any) -> None:
    finetune = commands.add_parser(
        "finetune",
        help="make an embedder from ImageNet's weights; killed, it goes on where it was",
        epilog="example: python -m ml.pretraining finetune faces --out run --exclude 'moe-*' 'screen-*'",
        argument_default=argparse.SUPPRESS,
        parents=[_learning()],
    )
    finetune.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoint, log, curves and weights")
    finetune.add_argument("--start", type=Path, default=None, metavar="NPZ", help="start from these, not ImageNet's")
    finetune.add_argument("--exclude", nargs="+", default=[], metavar="PATTERN", help="characters kept for measuring")
    finetune.add_argument("--epochs", type=int)
    finetune.add_argument("--size", type=int, help="side of the input, pixels")
    finetune.add_argument("--margin", type=float)


def _learning() -> argparse.ArgumentParser:
    """What every run that can be killed and goes on is told alike; what is left away its recipe decides."""
    learning = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    learning.add_argument("folder", type=Path, nargs="+", metavar="DIR", help=_CROPS)
    learning.add_argument("--limit", type=int, default=400, help="crops of one character at most")
    learning.add_argument("--workers", type=int, default=2, help="threads that prepare batches")
    learning.add_argument("--batch", type=int)
    learning.add_argument("--rate", type=float, help="highest learning rate")
    learning.add_argument("--seed", type=int)
    learning.add_argument("--every", type=int, help="steps from one checkpoint to the next")
    return learning


if __name__ == "__main__":
    sys.exit(main())
