"""Names: how the name of a character, which may be a folder's, is shown to people."""


def plain(name: str) -> str:
    """A name as people write it: folders have underscores where names have spaces.

    Examples
    --------
    >>> plain("Hoshino_Ai")
    'Hoshino Ai'
    """
    return name.replace("_", " ")
