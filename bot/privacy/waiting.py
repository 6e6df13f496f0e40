"""Faces that people have named, and that wait for the yes of who posted them: how many, and asking once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from discord import ui

from bot.chat.items import Interaction, Item, acknowledge
from bot.chat.lost import tell
from bot.chat.permissions import MODERATORS, Claim
from bot.client import Place
from bot.database import examples
from bot.database.pictures import Picture
from bot.privacy import consent
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Waiting:
    """Faces of a place that wait, and the latest picture of each person who posted any."""

    faces: int
    pictures: Sequence[Picture]

    def __bool__(self) -> bool:
        return self.faces > 0

    def told(self, words: Words) -> list[str]:
        """The sentence that says so; none, where nothing waits."""
        return [words("waiting", faces=self.faces, people=len(self.pictures))] if self else []

    def buttons(self, words: Words) -> list[ui.Item[Any]]:
        """What a moderator presses to have them asked again; none, where nothing waits."""
        return [AskAgainButton.of(words)] if self else []


async def waiting(place: Place) -> Waiting:
    """What waits for a yes in a place; where nobody is asked for theirs, nothing does."""
    if place.consent != "ask":
        return Waiting(0, ())
    async with place.database.reading() as session:
        found = await examples.waiting(session, guild_id=place.id, quorum=place.quorum)
    return Waiting(sum(faces for _, faces in found), tuple(face.picture for face, _ in found))


class AskAgainButton(Item[ui.Button[Any]], template=r"koredare:askagain"):
    """Asks once more whoever has not answered whether their pictures may be learned from, though not every hour."""

    @classmethod
    def of(cls, words: Words) -> Self:
        """Make it."""
        return cls(ui.Button(label=words("waiting-ask-label"), emoji="✉️", custom_id="koredare:askagain"))

    def claim(self, interaction: Interaction) -> Claim:
        """All who posted something in the server."""
        return MODERATORS

    async def act(self, interaction: Interaction) -> None:
        """Ask them, and tell the moderator alone what came of it."""
        await acknowledge(interaction, ephemeral=True)
        place = interaction.client.place_of(interaction)
        words, found = place.words, await waiting(place)
        asked = [await consent.ask_again(place, picture) for picture in found.pictures]
        if not found:
            await tell(interaction, words("waiting-for-nobody"))
            return
        said = [
            words("waiting-asked", people=people)
            if outcome == "asked"
            else words("waiting-asked-lately", people=people)
            if outcome == "lately"
            else words("waiting-unreached", people=people)
            for outcome in ("asked", "lately", "lost")
            if (people := asked.count(outcome))
        ]
        await tell(interaction, " ".join(said))
