"""What is answered to several things at once is one message: like thanks in one line, one way back, a few menus."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.chat.items import view
from bot.chat.replies import fit
from bot.correcting.taking_back import Asked, TakeBackButton
from bot.words import Words

MOST_MENUS: Final = 4  # each takes a row of the five that a message has; the way back takes one


@dataclass(frozen=True, slots=True)
class Replied:
    """What is answered to one thing that was said: of which faces it is, by number, and what stands below."""

    numbers: tuple[int, ...]
    text: str
    below: ui.View


def together(said: Sequence[Replied], user_id: int, words: Words) -> Asked | None:
    """One message for all; None where nothing is answered."""
    if len(said) < 2:
        return (said[0].text, said[0].below) if said else None
    lines: defaultdict[str, list[int]] = defaultdict(list)
    menus: dict[str, ui.Item[Any]] = {}
    faces: list[int] = []
    left: list[int] = []
    for each in said:
        asks = [item for item in each.below.children if not isinstance(item, TakeBackButton)]
        faces += [face for item in each.below.children if isinstance(item, TakeBackButton) for face in item.about]
        new = {_id(item): item for item in asks}
        if len(menus.keys() | new.keys()) > MOST_MENUS:
            left += each.numbers
            continue
        for item in new.values():
            _say_of_whom(item, each.numbers, words)
        menus |= new
        lines[each.text] += each.numbers
    told = [_line(numbers, text, words) for text, numbers in lines.items()]
    if left:
        told.append(_line(left, words("correction-ask-again"), words))
    below = view()
    for item in menus.values():
        below.add_item(item)
    if faces:
        below.add_item(TakeBackButton.of("face", faces, user_id, words))
    return fit(told), below


def _line(numbers: Sequence[int], text: str, words: Words) -> str:
    return f"**{_listed(numbers, words)}** {text}" if numbers else text


def _listed(numbers: Sequence[int], words: Words) -> str:
    return words("comma").join(map(str, dict.fromkeys(numbers)))


def answered(
    message: discord.Message, number: int, custom_id: str, replied: Asked, *, user_id: int, words: Words
) -> Asked:
    """A message in which one of several menus was used: what came of that stands in its line, and the others stay."""
    kept = ui.View.from_message(message, timeout=None)
    rest = [item for item in kept.children if _id(item) not in (custom_id, f"{custom_id}:meant")]
    if not any(_id(item).startswith("koredare:names:") for item in rest):
        return replied
    text, asked = replied
    begins = f"**{number}** "
    lines = [line for line in message.content.splitlines() if not line.startswith(begins)]
    faces: list[int] = []
    below = view()
    for item in [*rest, *asked.children]:
        back = TakeBackButton.read(item, user_id)
        if back is not None:
            faces += back
        else:
            item.row = None  # as if it were new: the ways back come last
            below.add_item(item)
    if faces:
        below.add_item(TakeBackButton.of("face", faces, user_id, words))
    return fit([*lines, begins + text]), below


def _id(item: ui.Item[Any]) -> str:
    return getattr(item, "custom_id", "")


def _say_of_whom(item: ui.Item[Any], numbers: Sequence[int], words: Words) -> None:
    """Tell several menus apart."""
    menu: object = getattr(item, "item", item)
    if isinstance(menu, ui.Select) and numbers:
        menu.placeholder = words("correction-choose-name-of", number=str(numbers[0]))
