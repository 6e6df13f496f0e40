"""`python -m ml.pretraining`: check the network, export it, fine-tune it, embed strangers."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ml.errors import KoredareError
from ml.naming.embedder import Embedder
from ml.pretraining import background

_MODELS: Final = Path(__file__).parents[2] / "models"
_WEIGHTS: Final = _MODELS / "embedder.npz"
_EMBEDDER: Final = _MODELS / "embedder.tflite"
_BACKGROUND: Final = _MODELS / "background.npz"


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
    if given.boxes:
        strangers = background.faces_in(given.folder, given.boxes, size=embedder.size, leave_out=given.leave_out)
    else:
        strangers = background.crops_in(given.folder)
    written, repeated = background.make(strangers, embedder, given.out, same=given.same)
    print(f"{given.out}: {written} faces; {repeated} were there already.")
    return 0


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
    whiten.add_argument("folder", type=Path, metavar="DIR", help="a folder of face crops for each character")
    whiten.add_argument("--weights", type=Path, default=_WEIGHTS, metavar="NPZ")
    whiten.add_argument("--exclude", nargs="+", default=[], metavar="PATTERN", help="characters kept for measuring")
    whiten.add_argument("--limit", type=int, default=400, help="crops of one character at most")
    whiten.add_argument("--out", type=Path, required=True, metavar="NPZ")

    strangers = commands.add_parser("background", help="embed faces of characters that the embedder did not learn")
    strangers.add_argument("folder", type=Path, metavar="DIR", help="face crops, or with --boxes whole pictures")
    strangers.add_argument("--boxes", type=Path, metavar="JSON", help='{"a.jpg": [{"box": [x, y, w, h]}]}, of heads')
    strangers.add_argument("--leave-out", nargs="*", default=[], metavar="a.jpg:0", help="boxes not to take")
    strangers.add_argument("--same", type=float, default=background.SAME, help="cosine from which a face is repeated")
    strangers.add_argument("--embedder", type=Path, default=_EMBEDDER, metavar="TFLITE")
    strangers.add_argument("--out", type=Path, default=_BACKGROUND, metavar="NPZ")
    return parser


def _add_finetune(commands: Any) -> None:
    finetune = commands.add_parser(
        "finetune",
        help="make an embedder from ImageNet's weights; killed, it goes on where it was",
        epilog="example: python -m ml.pretraining finetune faces --out run --exclude 'moe-*' 'screen-*'",
        argument_default=argparse.SUPPRESS,
    )
    finetune.add_argument("folder", type=Path, metavar="DIR", help="a folder of face crops for each character")
    finetune.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoint, log, curves and weights")
    finetune.add_argument("--start", type=Path, default=None, metavar="NPZ", help="start from these, not ImageNet's")
    finetune.add_argument("--exclude", nargs="+", default=[], metavar="PATTERN", help="characters kept for measuring")
    finetune.add_argument("--limit", type=int, default=400, help="crops of one character at most")
    finetune.add_argument("--workers", type=int, default=2, help="threads that prepare batches")
    finetune.add_argument("--epochs", type=int)
    finetune.add_argument("--batch", type=int)
    finetune.add_argument("--size", type=int, help="side of the input, pixels")
    finetune.add_argument("--rate", type=float, help="highest learning rate")
    finetune.add_argument("--margin", type=float)
    finetune.add_argument("--seed", type=int)
    finetune.add_argument("--every", type=int, help="steps from one checkpoint to the next")


if __name__ == "__main__":
    sys.exit(main())
