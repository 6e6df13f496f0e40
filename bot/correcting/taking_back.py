"""Taking back what one has said: a button in every thanks, which says in its id what it is about and whose it is."""

from typing import Any, Literal, Self, TypeAlias

from discord import ui

from bot.chat.items import Interaction, Item, acknowledge, number, replace, view
from bot.chat.permissions import Claim, Speaker
from bot.correcting import correct
from bot.words import Words

What: TypeAlias = Literal["face", "answer"]


class TakeBackButton(Item[ui.Button[Any]], template=r"koredare:back:(?P<what>face|answer):(?P<id>\d+):(?P<user>\d+)"):
    """Takes back the last thing that a person said of a face, or that they found an answer right."""

    @classmethod
    def of(cls, what: What, about: int, user_id: int, words: Words) -> Self:
        """Make it."""
        custom_id = f"koredare:back:{what}:{about}:{user_id}"
        return cls(ui.Button(label=words("correction-take-back"), emoji="↩️", custom_id=custom_id))

    def claim(self, interaction: Interaction) -> Claim:
        """Their own word, of that face or answer."""
        owner, about = number(self.match["user"]), number(self.match["id"])
        if self.match["what"] == "face":
            return Claim(owner=owner, not_yours="not your word", faces=[about])
        return Claim(owner=owner, not_yours="not your word", reply=about)

    async def act(self, interaction: Interaction) -> None:
        """Take it back, and say so in place of the thanks."""
        speaker, about = Speaker.of(interaction), number(self.match["id"])
        await acknowledge(interaction)
        if self.match["what"] == "face":
            await correct.unsay(speaker, self.shown, [about], via="button")
        else:
            await correct.take_back(speaker, self.shown, "right", via="button")
        words = speaker.place.words
        await replace(interaction, content=words("correction-taken-back"), view=None)


def thanks_view(what: What, about: int, user_id: int, words: Words) -> ui.View:
    """The button below a thanks."""
    return view(TakeBackButton.of(what, about, user_id, words))
