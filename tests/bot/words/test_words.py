"""What people read is complete: the same messages in each language, each of them used, each call with what it needs."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from discord import app_commands
from fluent.syntax import FluentParser, visitor
from fluent.syntax import ast as fluent
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.client import COGS, Place, create_bot
from bot.config import load_settings
from bot.config.tables import Language
from bot.database.migrate import upgrade
from bot.database.stores import SqliteFile
from bot.words import LANGUAGES, language_of, words_in
from bot.words.commands import of_command, of_menu, of_option
from ml.naming.names import is_own_word
from tests.bot.chat.test_errors import every_error

CODE = Path(bot.__file__).parent
TEXTS = CODE / "words"
# Their English is in the code that they belong to: in docstrings, and in the errors themselves.
ENGLISH_IN_CODE = {"commands.ftl", "refusals.ftl"}
COMMANDS = "commands.ftl"

# What Discord refuses, by who takes the text, and as what.
LIMITS = {
    ("Button", "label"): 80,
    ("Select", "placeholder"): 150,
    ("RoleSelect", "placeholder"): 150,
    ("UserSelect", "placeholder"): 150,
    ("ChannelSelect", "placeholder"): 150,
    ("SelectOption", "label"): 100,
    ("SelectOption", "description"): 100,
    ("TextInput", "label"): 45,
    ("TextInput", "placeholder"): 100,
    ("Label", "text"): 45,
    ("Label", "description"): 100,
    ("Modal", "title"): 45,
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its file has it; `shown`: those of its variables that stand in the text, not only choose it."""

    file: str
    text: str
    variables: frozenset[str]
    shown: frozenset[str]


class _Inside(visitor.Visitor):
    """The variables of a pattern, those of them that it shows, the messages that it quotes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()
        self.shown: set[str] = set()
        self.quoted: set[str] = set()
        self.text = ""

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802  the library's name
        self.variables.add(node.id.name)

    def visit_Placeable(self, node: fluent.Placeable) -> None:  # noqa: N802
        if isinstance(node.expression, fluent.VariableReference):
            self.shown.add(node.expression.id.name)
        self.generic_visit(node)

    def visit_MessageReference(self, node: fluent.MessageReference) -> None:  # noqa: N802
        self.quoted.add(node.id.name)

    def visit_TextElement(self, node: fluent.TextElement) -> None:  # noqa: N802
        self.text += node.value


def messages(language: Language) -> dict[str, Message]:
    """All messages of a language, by id."""
    found: dict[str, Message] = {}
    for file in sorted((TEXTS / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{file} cannot be read here: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{entry.id.name} stands twice in {language}"
                inside = _Inside()
                inside.visit(entry)
                assert not inside.quoted, f"{entry.id.name} quotes another; say it with a variable"
                variables, shown = frozenset(inside.variables), frozenset(inside.shown)
                found[entry.id.name] = Message(file.name, inside.text, variables, shown)
    return found


MESSAGES = {language: messages(language) for language in LANGUAGES}


def code() -> Iterator[tuple[Path, ast.Module]]:
    """The modules that speak to people in chat, charts among them; the shell and the demo speak English only."""
    for file in sorted(CODE.rglob("*.py")):
        if file.relative_to(CODE).parts[0] not in ("demo", "shell", "words"):
            yield file, ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted((CODE.parent / "ml").rglob("*_chart.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, str, frozenset[str], tuple[str, str]]]:
    """Every call of `Words` whose message stands in it: where, which, with what, and who takes it as which argument.

    `words("…")`, `place.words("…")`; either message of `words("a" if x else "b")`.
    """
    for file, tree in code():
        takers = {
            id(each.value): (_last_name(call.func), each.arg or "")
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            for each in call.keywords
        }
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not call.args or not all(each.arg for each in call.keywords):
                continue
            if _last_name(call.func).strip("_") == "words":
                either = call.args[0]
                for each in (either.body, either.orelse) if isinstance(either, ast.IfExp) else (either,):
                    if isinstance(each, ast.Constant):
                        gaps = frozenset(each.arg or "" for each in call.keywords)
                        where = f"{file.relative_to(CODE.parent)}:{call.lineno}"
                        yield where, str(each.value), gaps, takers.get(id(call), ("", ""))


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_both_languages_have_the_same_messages() -> None:
    english, japanese = MESSAGES["en"], MESSAGES["ja"]
    translated = {name for name, message in japanese.items() if message.file not in ENGLISH_IN_CODE}
    assert english.keys() - translated == set()
    assert translated - english.keys() == set()
    for name in translated:
        assert japanese[name].file == english[name].file, name
        assert japanese[name].variables <= english[name].variables, name
        assert english[name].shown <= japanese[name].variables, name


def test_what_we_call_strangers_in_any_language_is_no_name() -> None:
    for language in LANGUAGES:
        for message in ("answer-stranger", "answer-alt-stranger", "correction-a-stranger"):
            said = MESSAGES[language][message].text
            assert is_own_word(said.rpartition(": ")[2].rpartition("：")[2]), said


def test_nothing_was_left_in_english() -> None:
    same = [
        name
        for name, message in MESSAGES["ja"].items()
        if any(letter.isalpha() for letter in message.text)
        and name in MESSAGES["en"]
        and message.text == MESSAGES["en"][name].text
    ]
    assert same == []


def test_every_message_that_the_code_says_is_there_and_gets_what_it_needs() -> None:
    for where, name, gaps, _taken_as in calls():
        message = MESSAGES["en"].get(name) or MESSAGES["ja"].get(name)
        assert message is not None, f"{where}: there is no message {name}"
        assert gaps == message.variables, f"{where}: {name}"


def test_no_message_is_left_that_the_code_says_no_more() -> None:
    literals = {
        node.value
        for _, tree in code()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    refused = {f"refusal-{error.code.replace('_', '-')}" for error in every_error() if error.code}
    written = {name for name, message in MESSAGES["ja"].items() if message.file != COMMANDS}
    assert written - literals - refused == set()


@given(
    number=st.integers(0, 2) | st.integers(0, 10**7),
    text=st.sampled_from(["Riko", "リコ", "<#5>", "v3"]),
    language=st.sampled_from(LANGUAGES),
)
def test_no_message_stumbles_over_what_it_is_given(number: int, text: str, language: Language) -> None:
    words = words_in(language)
    for name, message in MESSAGES[language].items():
        for value in (number, text):
            said = words(name, **dict.fromkeys(message.variables, value))
            assert said or number == 0, name  # "and none of it was new" may be left unsaid
            assert "{" not in said, name


def test_what_stands_on_buttons_and_in_forms_is_short_enough_for_discord() -> None:
    measured = 0
    for _where, name, gaps, taken_as in calls():
        if (limit := LIMITS.get(taken_as)) is not None:
            measured += 1
            for language in LANGUAGES:
                said = words_in(language)(name, **dict.fromkeys(gaps, "12345"))
                assert len(said) <= limit, f"{name} in {language} is longer than {limit}: {said}"
    assert measured >= 4


def test_no_text_for_chat_is_written_in_the_code() -> None:
    takes = {"content", "label", "placeholder", "title", "description", "text"}
    says = {"send", "reply", "send_message", "edit", "edit_message", "edit_original_response", "UserError"}
    shows = says | {"Button", "SelectOption", "TextInput", "Label", "File", "__init__"}
    found: list[str] = []
    for file, tree in code():
        for node in ast.walk(tree):
            told: list[ast.expr] = []
            if isinstance(node, ast.Call) and _last_name(node.func) in shows:
                told += [keyword.value for keyword in node.keywords if keyword.arg in takes]
                told += node.args[:1] if _last_name(node.func) in says else []
            elif isinstance(node, ast.ClassDef):
                told += [keyword.value for keyword in node.keywords if keyword.arg == "title"]
            found += [f"{file.name}:{each.lineno} {text}" for each in told for text in _written(each)]
    assert found == []


def _written(node: ast.expr) -> list[str]:
    """The words that stand in a literal, or in one with gaps."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [text for text in texts if sum(letter.isalpha() for letter in text) >= 3]


@pytest.mark.parametrize(
    ("locale", "language"), [("ja", "ja"), (discord.Locale.japanese, "ja"), ("en-GB", "en"), ("fr", "en"), (None, "en")]
)
def test_japanese_servers_are_answered_in_japanese_all_others_in_english(
    locale: discord.Locale | str | None, language: Language
) -> None:
    assert language_of(locale) == language


def test_alone_with_the_bot_people_are_answered_in_the_language_of_their_own_discord(tmp_path: Path) -> None:
    unstarted = create_bot(load_settings(home=tmp_path))
    assert Place(unstarted, 1, discord.Locale.japanese).words.language == "ja"
    assert unstarted.at(1).words.language == "en"


async def test_every_command_option_and_menu_has_a_japanese_description_and_none_is_left_over(tmp_path: Path) -> None:
    upgrade(SqliteFile(tmp_path))
    unstarted = create_bot(load_settings(home=tmp_path))
    for cog in COGS:
        await unstarted.load_extension(cog)
    wanted = {of_menu(menu.name) for menu in unstarted.tree.walk_commands(type=discord.AppCommandType.message)}
    for command in unstarted.tree.walk_commands():
        wanted.add(of_command(command.qualified_name))
        assert len(command.description) <= 100
        if isinstance(command, app_commands.Command):
            wanted |= {of_option(command.qualified_name, option.name) for option in command.parameters}
    described = {name for name, message in MESSAGES["ja"].items() if message.file == COMMANDS}
    assert wanted - described == set()
    assert described - wanted == set()
    assert {name: said for name in wanted if len(said := words_in("ja")(name)) > 100} == {}


def test_a_list_too_long_for_any_message_is_cut_and_not_refused() -> None:
    assert len(words_in("en")("changes-alt", lines="Riko; " * 1000)) < 2100
