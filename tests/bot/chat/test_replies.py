"""What people write is data: in a message of ours it looks as they wrote it, and does nothing."""

import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

import bot
from bot.chat.replies import quoted, shown
from ml.naming.names import fold, plain

# As Discord's clients read messages: what of a text they make a mention, an address, an invitation or an embed of.
DOES_SOMETHING = re.compile(
    r"<(@[!&]?|#|a?:\w+:)\d+>|</[^>]+:\d+>|<t:-?\d+(:\w)?>|<id:\w+>|@(everyone|here)\b"
    r"|(https?|steam|discord)://\S|<[^ >]+:/|\b(discord(app)?|dsc)\.(gg|com|me|io|li)\b"
)
DANGEROUS = (
    "<@12>",
    "<@!12>",
    "<@&12>",
    "<#12>",
    "</forgetme:12>",
    "<t:0:R>",
    "<:riko:12>",
    "<a:riko:12>",
    "<id:home>",
    "@everyone",
    "https://evil.example/x_y",
    "HTTP://evil.example",
    "discord.gg/abc",
    "discordapp.com/invite/x",
    "[Riko](https://evil.example)",
    "[**](x)",
    "[```](",
    "# ",
    "> ",
    "`x`",
    "**",
    "||",
    "_",
    "\u202e",
    "\n",
    "Dr. Stone",
)
NAMES = st.lists(st.sampled_from(DANGEROUS) | st.text(max_size=8), max_size=4).map("".join)


@given(NAMES)
@example("".join(DANGEROUS))
def test_a_name_in_a_message_mentions_nobody_and_leads_nowhere(name: str) -> None:
    assert DOES_SOMETHING.search(shown(name).replace("\\", "")) is None
    assert DOES_SOMETHING.search(quoted(quoted(name)).replace("\\", "")) is None


@given(NAMES)
@example("[**](x)")
@example("\u202egnp.exe")
def test_what_is_quoted_changes_no_letter_around_it(text: str) -> None:
    said = quoted(text)
    assert not re.search(r"[*_~|`]|\]\(", re.sub(r"\\[\\*_~|`#>-]", "", said))
    assert not re.search(r"^(#{1,3}|>) |[\n\u202e]", said)


@given(NAMES)
def test_a_name_that_is_copied_from_a_message_still_means_the_same(name: str) -> None:
    # A client takes away the backslashes of markdown, and those that people wrote are doubled.
    copied = re.sub(r"\\(.)", r"\1", shown(name))
    assert fold(copied) == fold(plain(name))


@given(st.text(max_size=30))
def test_a_name_stays_on_its_line_and_moves_no_terminal(name: str) -> None:
    assert len(plain(name).splitlines()) <= 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain(name))


def test_a_name_does_not_hang_over_the_lines_around_it() -> None:
    assert plain("R" + "\u0301" * 70 + "iko") == "R" + "\u0301" * 4 + "iko"
    assert plain("Nguyễn ❤️ กี้ 葛\U000e0100") == "Nguyễn ❤️ กี้ 葛\U000e0100"


def test_there_is_one_way_to_quote_people() -> None:
    folder = Path(bot.__file__).parent
    using = [path.name for path in folder.rglob("*.py") if "escape_markdown" in path.read_text(encoding="utf-8")]
    assert using == ["replies.py"]
