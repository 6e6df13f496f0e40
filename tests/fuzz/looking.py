"""What a worker does with a file that may be broken, and what that costs."""

import time
from dataclasses import dataclass

from bot.recognition.worker import identify
from ml import Recognizer
from ml.pictures.refusals import PictureError

SECONDS, MEGABYTES = 3.0, 300  # that a picture may cost


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a file: the sentence of its refusal (None: it was answered), and seconds of a core."""

    refused: str | None
    seconds: float


def look(recognizer: Recognizer, data: bytes) -> Seen:
    """In a worker, whose memory is bounded."""
    began = time.process_time()
    try:
        identify(recognizer, data, version=None, learned=None, max_bytes=10**7)
        refused = None
    except PictureError as error:
        refused = str(error)
    return Seen(refused, time.process_time() - began)
