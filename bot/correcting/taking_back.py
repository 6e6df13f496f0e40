"""Taking back what one has said: a button in every thanks, which says in its id what it is about and whose it is."""

from collections.abc import Sequence
from typing import Any, Literal, Self, TypeAlias

from discord import ui

from bot.chat.items import Interaction, Item, acknowledge, number, replace, view
from bot.chat.permissions import Claim, Speaker
from bot.chat.replies import fit
from bot.correcting import correct
from bot.words import Words

What: TypeAlias = Literal["face", "answer"]
Asked: TypeAlias = tuple[str, ui.View]
"""What is said, and the buttons or the menu below."""
_MOST_AT_ONCE = 6  # faces that an id has room for


class TakeBackButton(
    Item[ui.Button[Any]], template=r"koredare:back:(?P<what>face|answer):(?P<ids>\d+(?:-\d+)*):(?P<user>\d+)"
):
    """Takes back the last thing that a person said of a face or several, or that they found an answer right."""

    @classmethod
    def of(cls, what: What, about: Sequence[int], user_id: int, words: Words) -> Self:
        """Make it, about one answer or some faces."""
        custom_id = f"koredare:back:{what}:{'-'.join(map(str, about))}:{user_id}"
        return cls(ui.Button(label=words("correction-take-back"), emoji="↩️", custom_id=custom_id))

    def claim(self, interaction: Interaction) -> Claim:
        """Their own word, of that face or answer."""
        owner = number(self.match["user"])
        if self.match["what"] == "face":
            return Claim(owner=owner, not_yours="not your word", faces=self.about)
        return Claim(owner=owner, not_yours="not your word", reply=self.about[0])

    @property
    def about(self) -> list[int]:
        """The ids of the faces, or of the answer."""
        return [number(each) for each in self.match["ids"].split("-")]

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


def together(said: Sequence[Asked], user_id: int, words: Words) -> list[Asked]:
    """What is answered to several statements at once: one thanks for all, then each question by itself."""
    if len(said) < 2:
        return list(said)
    thanked: list[str] = []
    faces: list[int] = []
    questions: list[Asked] = []
    for text, below in said:
        if all(isinstance(each, TakeBackButton) for each in below.children):
            thanked.append(text)
            faces += [face for each in below.children if isinstance(each, TakeBackButton) for face in each.about]
        else:
            questions.append((text, below))
    button = TakeBackButton.of("face", faces[:_MOST_AT_ONCE], user_id, words)
    thanks = [(fit(thanked), view(button) if faces else ui.View())] if thanked else []
    return [*thanks, *questions]
