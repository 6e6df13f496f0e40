"""Taking back what one has said: a button in every thanks, which says in its id what it is about and whose it is."""

from collections.abc import Sequence
from typing import Any, Final, Literal, Self, TypeAlias

from discord import ui

from bot.chat.items import Interaction, Item, acknowledge, number, replace, view
from bot.chat.permissions import Claim, Speaker
from bot.correcting import correct
from bot.words import Words

What: TypeAlias = Literal["face", "answer"]
Asked: TypeAlias = tuple[str, ui.View]
"""What is said, and the buttons or the menu below."""
_REACH: Final = 160  # ids from the first face on, a bit for each: 40 letters of the 100 that Discord has for an id


class TakeBackButton(
    Item[ui.Button[Any]],
    template=r"koredare:back:(?P<what>face|answer):(?P<ids>\d+(?:-\d+)*(?:x(?P<more>[0-9a-f]+))?):(?P<user>\d+)",
):
    """Takes back the last thing that a person said of a face or several, or that they found an answer right."""

    @classmethod
    def of(cls, what: What, about: Sequence[int], user_id: int, words: Words) -> Self:
        """Make it, about one answer or some faces: those that one answer shows have ids near each other."""
        first = min(about)
        more = sum({1 << face - first - 1 for face in about if first < face <= first + _REACH})
        ids = f"{first}x{more:x}" if more else str(first)
        custom_id = f"koredare:back:{what}:{ids}:{user_id}"
        return cls(ui.Button(label=words("correction-take-back"), emoji="↩️", custom_id=custom_id))

    @classmethod
    def read(cls, item: ui.Item[Any], user_id: int) -> list[int] | None:
        """The faces of such a button of a person, if this is one."""
        if isinstance(item, ui.Button) and (item.custom_id or "").startswith("koredare:back:face:"):
            item = cls(item)
        return item.about if isinstance(item, cls) and int(item.match["user"]) == user_id else None

    def claim(self, interaction: Interaction) -> Claim:
        """Their own word, of that face or answer."""
        owner = number(self.match["user"])
        if self.match["what"] == "face":
            return Claim(owner=owner, not_yours="not your word", faces=self.about)
        return Claim(owner=owner, not_yours="not your word", reply=self.about[0])

    @property
    def about(self) -> list[int]:
        """The ids of the faces, or of the answer."""
        listed = [number(each) for each in self.match["ids"].partition("x")[0].split("-")]
        more = int(self.match["more"] or "0", 16)
        return listed + [number(str(listed[0] + bit + 1)) for bit in range(more.bit_length()) if more >> bit & 1]

    async def act(self, interaction: Interaction) -> None:
        """Take it back, and say so in place of the thanks."""
        speaker = Speaker.of(interaction)
        await acknowledge(interaction)
        if self.match["what"] == "face":
            await correct.unsay(speaker, self.shown, self.about, via="button")
        else:
            await correct.take_back(speaker, self.shown, "right", via="button")
        words = speaker.place.words
        await replace(interaction, content=words("correction-taken-back"), view=None)


def thanks_view(what: What, about: int, user_id: int, words: Words) -> ui.View:
    """The button below a thanks."""
    return view(TakeBackButton.of(what, [about], user_id, words))
