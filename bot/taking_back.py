"""Taking back what one has said: a button in every thanks, which says in its id what it is about and whose it is."""

import re
from typing import Any, Literal, Self, TypeAlias

import discord
from discord import ui

from bot import feedback
from bot.client import Koredare
from bot.errors import Answering, UserError
from bot.feedback import Speaker
from bot.words import Words, words_in

What: TypeAlias = Literal["face", "answer"]


class TakeBackButton(
    Answering,
    ui.DynamicItem[ui.Button[Any]],
    template=r"koredare:back:(?P<what>face|answer):(?P<id>\d+):(?P<user>\d+)",
):
    """Takes back the last thing that a person said of a face, or that they found an answer right."""

    def __init__(self, what: What, about: int, user_id: int, words: Words) -> None:
        self.what: What = what
        self.about = about
        self.user_id = user_id
        super().__init__(
            ui.Button(
                label=words("correction-take-back"), emoji="↩️", custom_id=f"koredare:back:{what}:{about}:{user_id}"
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        what: What = "face" if match["what"] == "face" else "answer"
        return cls(what, int(match["id"]), int(match["user"]), words_in("en"))

    async def act(self, interaction: discord.Interaction[Koredare]) -> None:
        """Take it back, and say so in place of the thanks."""
        words = interaction.client.words(interaction.guild_id, locale=interaction.locale)
        if interaction.user.id != self.user_id:
            raise UserError(words("correction-not-yours"))
        await interaction.response.defer()
        speaker = Speaker.of(interaction)
        if self.what == "face":
            await feedback.unsay(speaker, self.about, via="button")
        else:
            await feedback.take_back(speaker, self.about, "right", via="button")
        await interaction.edit_original_response(content=words("correction-taken-back"), view=None)


def thanks_view(what: What, about: int, user_id: int, words: Words) -> ui.View:
    """The button below a thanks."""
    view = ui.View(timeout=None)
    view.add_item(TakeBackButton(what, about, user_id, words))
    return view
