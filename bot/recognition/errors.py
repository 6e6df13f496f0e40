"""What may go wrong with a picture, through no fault of its format; each message is for the user."""

from ml.errors import KoredareError


class RecognitionError(KoredareError):
    """A picture that could not be looked at."""


class PictureTooSlow(RecognitionError):
    """It took longer than the operator allows."""

    code = "picture_too_slow"

    def __init__(self) -> None:
        super().__init__("I gave up on that picture: it took too long. Try a smaller one.")


class PictureTooMuch(RecognitionError):
    """Two workers that looked at it died, or it needs more memory than a worker may take."""

    code = "picture_too_much"

    def __init__(self) -> None:
        super().__init__("That picture was too much for me, sorry. Try another copy of it.")


class Stopping(RecognitionError):
    """The bot ends, and its workers did before this was done."""

    code = "stopping"

    def __init__(self) -> None:
        super().__init__("I am being stopped just now. Ask me again when I am back.")


class WorkersAway(RecognitionError):
    """The cluster cannot be reached, or has no workers."""

    code = "workers_away"

    def __init__(self) -> None:
        super().__init__("The machines that look at pictures for me cannot be reached. Ask me again in a few minutes.")


class NoWorkers(RecognitionError):
    """The machine gives no process, or no thread or file for one, just now."""

    code = "no_workers"

    def __init__(self) -> None:
        super().__init__("My machine has too much to do to look at pictures just now. Ask me again in a few minutes.")


class WorkersFail(KoredareError):
    """No process that looks at pictures can begin; `why` for the operator."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The processes that look at pictures cannot begin: {why}.")


class ClusterMissing(KoredareError):
    """The Dask cluster that the operator chose is not there."""
