"""The menu and the button below an answer to lessons; they are about the answer that they stand below."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.chat.errors import UserError
from bot.chat.items import Interaction, Item, acknowledge, number, replace
from bot.chat.permissions import Claim, Speaker
from bot.correcting import correct, menus
from bot.database.pictures import Face
from bot.privacy import consent
from bot.words import Words
from ml.naming.names import plain


class WhichMenu(Item[ui.Select[Any]], template=r"koredare:teach:which"):
    """Which faces of pictures with several are meant? As many as there are."""

    @classmethod
    def of(cls, asked: Sequence[Face], words: Words) -> Self:
        """Make it, for the faces of which nobody has said who they are."""
        options = [
            discord.SelectOption(
                label=words("taught-choice", number=str(face.number), name=plain(_meant(face) or "?"))[:100],
                value=str(face.id),
            )
            for face in asked[: menus.MOST_OPTIONS]
        ]
        menu = menus.menu_of("koredare:teach:which", words("taught-choose"), options)
        menu.max_values = len(menu.options)
        return cls(menu)

    def claim(self, interaction: Interaction) -> Claim:
        """The answer, and the chosen faces."""
        assert interaction.message is not None
        return Claim(reply=interaction.message.id, faces=[number(value) for value in self.item.values])

    async def act(self, interaction: Interaction) -> None:
        """Write down that these are who was to be taught."""
        speaker = Speaker.of(interaction)
        chosen: dict[str, list[int]] = defaultdict(list)
        for value in self.item.values:
            face = correct.one(speaker, self.shown, number(value))
            if (who := _meant(face)) is None:
                raise correct.Forgotten(speaker.place.words)
            chosen[who].append(face.id)
        await acknowledge(interaction)
        named = [
            face
            for who, faces in chosen.items()
            for face in (await correct.name_all(speaker, self.shown, faces, who, via="menu"))[0]
        ]
        await correct.follow(speaker.place, self.shown, named)
        assert interaction.message is not None
        left = ui.View.from_message(interaction.message, timeout=None)
        for item in [each for each in left.children if isinstance(each, ui.Select)]:
            left.remove_item(item)
        left.stop()  # its buttons are found by their ids: nothing of it need be remembered
        await replace(interaction, view=left)


def _meant(face: Face) -> str | None:
    """Whom the picture of a face was to teach."""
    return face.candidates[0].name if face.candidates else face.name


class BackButton(Item[ui.Button[Any]], template=r"koredare:teach:back:(?P<user>\d+)"):
    """Takes back all that a person has taught by an answer; what they had uploaded for it is kept no longer."""

    @classmethod
    def of(cls, user_id: int, words: Words) -> Self:
        """Make it, for who has taught."""
        custom_id = f"koredare:teach:back:{user_id}"
        return cls(ui.Button(label=words("correction-take-back"), emoji="↩️", custom_id=custom_id))

    def claim(self, interaction: Interaction) -> Claim:
        """Their own word, of the faces of the answer."""
        assert interaction.message is not None
        return Claim(owner=number(self.match["user"]), not_yours="not your word", reply=interaction.message.id)

    async def act(self, interaction: Interaction) -> None:
        """Take it back, and say so in place of the answer."""
        speaker = Speaker.of(interaction)
        await acknowledge(interaction)
        mine = [face.picture for face in self.shown if face.picture.poster_id == speaker.user_id]
        given = {picture.id for picture in mine if picture.given}
        said = await correct.unsay_all(speaker, self.shown, [face.id for face in self.shown], via="button")
        if given:
            await consent.withdraw(interaction.client, given)
        elif not said:
            raise UserError(speaker.place.words("correction-nothing-to-take-back"))
        await replace(interaction, content=speaker.place.words("correction-taken-back"), attachments=[], view=None)
