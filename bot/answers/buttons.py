"""The buttons below an answer. Who hears them is `bot.correcting.menus`, by their ids, as after any restart."""

from typing import Any, Final

from discord import ui

from bot.chat import replies
from bot.chat.items import view
from bot.words import Words

ALL_RIGHT: Final = "koredare:right"
CORRECT: Final = "koredare:correct"


def reply_view(words: Words) -> ui.View:
    """The buttons below every answer that shows a face."""
    right = ui.Button[Any](label=words("correction-right"), emoji=replies.RIGHT, custom_id=ALL_RIGHT)
    return view(right, ui.Button[Any](label=words("correction-wrong"), emoji="✏️", custom_id=CORRECT))
