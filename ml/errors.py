"""The root of all errors that a person can mend."""


class KoredareError(Exception):
    """Something that was refused or could not be done; `str` of it is a sentence for the person who asked.

    It says what was wrong and what to do next. On the command line it is shown as it is, in chat as `bot.errors` has
    it; any other exception is a fault of ours.
    """
