"""Refusals in the language of a chat: their English is in the classes themselves, their Japanese in `bot/words`."""

import math

from bot.database.errors import AlreadyTakenBack, BadName, DatabaseBusy, NoConsent, NoGuess, NoSuchFace, Unsettled
from bot.recognition.pool import PictureTooMuch, PictureTooSlow, Stopping
from bot.retraining.run import (
    AlreadyRetraining,
    NothingToLearn,
    Overtaken,
    RetrainingFailed,
    RetrainingTooLarge,
    RetrainingTooLong,
)
from bot.words import Words, words_in
from ml.errors import KoredareError
from ml.pictures.refusals import (
    DamagedPicture,
    EmptyPicture,
    NotAPicture,
    PictureTooHeavy,
    PictureTooLarge,
    PictureTooSmall,
    UnsupportedPicture,
)
from ml.versions.registry import NoEarlierVersion, NoSuchVersion

_SEEMS = {
    "a video": "video",
    "a sound": "sound",
    "a sound or a video": "sound",
    "an archive": "archive",
    "a PDF document": "pdf",
    "an SVG drawing": "svg",
    "a web page": "page",
}


def tell(error: KoredareError, words: Words) -> str | None:
    """What was refused and what to do, for people in chat; None: only the operator can do anything about it."""
    ja = words_in("ja")
    japanese = _of_pictures(error, ja) or _of_examples(error, ja) or _of_versions(error, ja)
    return str(error) if japanese is not None and words.language == "en" else japanese


def _of_pictures(error: KoredareError, words: Words) -> str | None:
    match error:
        case EmptyPicture():
            return words("refusal-empty")
        case NotAPicture():
            return words("refusal-not-a-picture", seems=_SEEMS.get(error.seems or "", "unknown"))
        case UnsupportedPicture():
            return words("refusal-unsupported", kind=error.kind)
        case DamagedPicture():
            return words("refusal-damaged", kind=error.kind)
        case PictureTooHeavy():
            size = math.ceil(error.size / 2**20 * 10) / 10  # up, as in English
            return words("refusal-too-heavy", size=f"{size:.1f}", limit=f"{error.limit / 2**20:.3g}")
        case PictureTooLarge() if max(error.width, error.height) > error.max_side:
            return words("refusal-too-long", width=error.width, height=error.height, limit=error.max_side)
        case PictureTooLarge():
            limit = f"{error.max_pixels / 1e6:.3g}"
            return words("refusal-too-many-pixels", width=error.width, height=error.height, limit=limit)
        case PictureTooSmall():
            return words("refusal-too-small", width=error.width, height=error.height, least=error.min_side)
        case PictureTooSlow():
            return words("refusal-took-too-long")
        case PictureTooMuch():
            return words("refusal-too-much")
        case Stopping():
            return words("refusal-stopping")
        case _:
            return None


def _of_examples(error: KoredareError, words: Words) -> str | None:
    match error:
        case BadName():
            return words("refusal-bad-name", limit=error.limit)
        case DatabaseBusy():
            return words("refusal-database-busy")
        case NoSuchFace():
            return words("refusal-no-such-face", face=str(error.face_id))
        case NoGuess():
            return words("refusal-no-guess", number=error.number)
        case AlreadyTakenBack():
            return words("refusal-already-taken-back")
        case NoConsent():
            return words("refusal-no-consent")
        case Unsettled():
            return words("refusal-unsettled")
        case _:
            return None


def _of_versions(error: KoredareError, words: Words) -> str | None:
    match error:
        case NoSuchVersion() if error.known:
            return words("refusal-no-such-version", name=error.name, known=words("comma").join(error.known))
        case NoSuchVersion():
            return words("refusal-no-version-yet", name=error.name)
        case NoEarlierVersion():
            return words("refusal-no-earlier-version")
        case AlreadyRetraining():
            return words("refusal-already-retraining")
        case NothingToLearn():
            return words("refusal-nothing-to-learn")
        case Overtaken():
            return words("refusal-overtaken")
        case RetrainingTooLong():
            return words("refusal-retraining-too-long", minutes=f"{error.minutes:g}")
        case RetrainingTooLarge():
            return words("refusal-retraining-memory", megabytes=error.megabytes)
        case RetrainingFailed():
            return words("refusal-retraining-failed", said=error.said)
        case _:
            return None
