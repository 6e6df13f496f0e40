"""Whatever goes wrong is told in one sentence that says what to do, in the language of the place."""

import importlib
import inspect
import logging
import pickle
import pkgutil
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_type_hints

import discord
import pytest
from discord import app_commands
from discord.ext import commands

import bot
import ml
from bot.chat.errors import explain
from bot.chat.permissions import NotModerator
from bot.database import errors as database
from bot.disk import NoRoom
from bot.recognition.errors import NoWorkers, PictureTooMuch, PictureTooSlow, Stopping, WorkersAway
from bot.recognition.limits import Busy, StillBusy, Whose
from bot.retraining.run import (
    AlreadyRetraining,
    NothingNew,
    NothingToLearn,
)
from bot.retraining.training import NoTensorFlow, RetrainingFailed, RetrainingTooLarge, RetrainingTooLong
from bot.words import Words, words_in
from ml.errors import KoredareError
from ml.pictures import refusals
from ml.versions.registry import NoEarlierVersion, NoSuchVersion
from ml.versions.version import DamagedVersion, Overtaken

ENGLISH, JAPANESE = words_in("en"), words_in("ja")

FOR_PEOPLE: tuple[KoredareError, ...] = (
    refusals.EmptyPicture(),
    refusals.NotAPicture("a PDF document"),
    refusals.NotAPicture(),
    refusals.UnsupportedPicture("TIFF"),
    refusals.DamagedPicture("PNG"),
    refusals.PictureTooHeavy(30 * 2**20, 25 * 2**20),
    refusals.PictureTooLarge(20_000, 100, 40_000_000, 10_000),
    refusals.PictureTooLarge(9_000, 9_000, 40_000_000, 10_000),
    refusals.PictureTooLarge(9_000, 9_000, 20_000_000, 10_000, "AVIF"),
    refusals.TooManyPieces("PNG"),
    refusals.PictureTooSmall(8, 9, 16),
    PictureTooSlow(),
    PictureTooMuch(),
    Stopping(),
    WorkersAway(),
    NoWorkers(),
    Busy("person", 20),
    Busy("server", 45),
    StillBusy("everybody", 180),
    database.DatabaseBusy(),
    NoRoom(95 * 2**20, 300 * 2**20),
    database.BadName(80),
    database.OwnWord("unknown"),
    database.TooManyNames(10_000),
    database.TooManyExamples(100_000),
    database.NoSuchFace(12_345),
    database.NoGuess(3),
    database.AlreadyTakenBack(),
    database.NoConsent(),
    database.Unsettled(),
    NoSuchVersion("v7", ["v1", "v2"]),
    NoSuchVersion("v7", []),
    DamagedVersion("v3", "classifier.npz is missing"),
    NoEarlierVersion(),
    AlreadyRetraining(),
    NothingToLearn(),
    NoTensorFlow(),
    NothingNew("v3"),
    Overtaken(),
    RetrainingTooLong(0.5),
    RetrainingTooLarge(2000),
    RetrainingFailed("exit code 3"),
)
# What is wrong with a set-up, a file or a folder: people in chat can do nothing about it.
FOR_THE_OPERATOR = {
    "BackboneError",
    "BackgroundError",
    "BackupError",
    "BrokenOff",
    "CalibrationError",
    "ChartsError",
    "CheckError",
    "CheckpointError",
    "ClassifierError",
    "ClusterMissing",
    "ConfigError",
    "CopyError",
    "CropsError",
    "CurvesError",
    "DemoError",
    "EmbedderError",
    "EvaluationFailed",
    "ExchangeError",
    "FetchFailed",
    "FinderError",
    "FinetuneError",
    "FolderError",
    "FsspecMissing",
    "HalfCopied",
    "HomeBeingReplaced",
    "HomeHasBot",
    "HomeInUse",
    "KnowledgeError",
    "LogGone",
    "NewerDatabase",
    "NoDriver",
    "NoTime",
    "OnnxMissing",
    "OtherBackbone",
    "ScoutError",
    "ShardTaken",
    "StoreUnreachable",
    "Unreachable",
    "UnusableDatabase",
    "VerifierError",
    "WeightsError",
    "WorkersFail",
}
# `bot.characters.renaming` says these itself, with what it knows of the character.
OF_CHARACTERS = {"NameTaken", "NoAlias", "NoSuchCharacter", "NothingToUndo", "SameCharacter"}


SOME: dict[object, object] = {
    bool: True,
    int: 7,
    float: 0.5,
    str: "some",
    str | None: None,
    int | None: None,
    Path: Path("some/file"),
    Sequence[str]: ("some", "more"),
    Words: ENGLISH,
    Whose: "server",
}


def every_error() -> Iterator[type[KoredareError]]:
    """All our errors that are raised, not those that only others derive from."""
    for package in (ml, bot):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if "__main__" not in module.name and not module.name.startswith("ml.pretraining"):
                importlib.import_module(module.name)

    def below(kind: type[KoredareError]) -> Iterator[type[KoredareError]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    yield from (each for each in below(KoredareError) if each.__module__.startswith(("ml.", "bot.")))


@pytest.mark.parametrize("error", FOR_PEOPLE, ids=lambda error: type(error).__name__)
def test_what_people_can_mend_is_told_in_both_languages(error: KoredareError) -> None:
    assert explain(error, ENGLISH) == str(error)
    told = explain(error, JAPANESE)
    assert re.search("[ぁ-ん]", told)
    for number in re.findall(r"\d+", str(error)):
        assert number in told.replace(",", ""), told


def test_no_error_of_ours_is_without_a_sentence() -> None:
    told = {type(error).__name__ for error in FOR_PEOPLE} | {"UserError"} | FOR_THE_OPERATOR | OF_CHARACTERS
    roots = {base for each in every_error() for base in each.__bases__}
    untold = [each for each in every_error() if told.isdisjoint(base.__name__ for base in each.__mro__)]
    assert [each for each in untold if each not in roots] == []


def made(kind: type[KoredareError]) -> KoredareError:
    """An error of that kind, whatever its constructor takes."""
    hints = get_type_hints(kind.__init__)
    taken = list(inspect.signature(kind.__init__).parameters.values())[1:]
    if any(each.kind is each.VAR_POSITIONAL for each in taken):  # Python's own constructor
        return kind("Something is wrong.")
    return kind(**{each.name: SOME[hints[each.name]] for each in taken})


def test_every_error_of_ours_comes_whole_out_of_another_process() -> None:
    for error in [*FOR_PEOPLE, *map(made, every_error())]:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))


def test_a_damaged_set_up_is_told_without_its_paths_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = explain(database.UnusableDatabase("/home/op/k.db", "x"), ENGLISH)
    assert "/home" not in told
    assert "operator" in told
    assert re.findall(r"`(\w+)`", told)[0] in caplog.text
    assert "/home/op/k.db" in caplog.text


def test_a_disk_that_fails_is_no_surprise(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(FileNotFoundError) as gone:
        (tmp_path / "gone" / "models").mkdir()
    told = explain(gone.value, ENGLISH)
    assert "my operator can mend it" in told
    assert str(tmp_path) not in told
    assert str(tmp_path) in caplog.text


def test_what_nobody_foresaw_has_an_id_that_the_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = explain(ZeroDivisionError("oh"), JAPANESE)
    assert "予期しない" in told
    assert re.findall(r"`(\w+)`", told)[0] in caplog.text


def response(status: int) -> object:
    """As much of an HTTP answer as discord.py's errors look at."""
    return type("Response", (), {"status": status, "reason": "?"})()


@pytest.mark.parametrize(
    ("error", "english", "japanese"),
    [
        (NotModerator(), "for moderators", "モデレーター専用"),
        (app_commands.MissingPermissions(["manage_guild"]), "for moderators", "モデレーター専用"),
        (commands.NoPrivateMessage(), "in a server only", "サーバー内でだけ"),
        (commands.BotMissingPermissions(["send_messages"]), "my permissions", "私の権限"),
        (commands.UserNotFound("x"), "find nobody", "見つかりません"),
        (commands.RoleNotFound("x"), "no such role", "ロール"),
        (commands.ChannelNotFound("x"), "no such channel", "チャンネル"),
        (commands.RangeError(99, 1, 20), "from 1 to 20", "1 から 20"),
        (commands.TooManyArguments(), "goes in quotes", "囲んで"),
        (commands.BadArgument("x"), "did not understand", "読み取れません"),
        (discord.NotFound(response(404), "x"), "no longer has", "もうDiscordにありません"),  # pyright: ignore[reportArgumentType]  a stand-in
        (discord.DiscordServerError(response(503), "x"), "Discord has trouble", "調子が悪い"),  # pyright: ignore[reportArgumentType]
    ],
)
def test_errors_of_discord_are_told_in_both_languages(error: Exception, english: str, japanese: str) -> None:
    assert english in explain(error, ENGLISH)
    assert japanese in explain(error, JAPANESE)
    wrapped = commands.HybridCommandError(app_commands.AppCommandError())
    wrapped.original = error  # pyright: ignore[reportAttributeAccessIssue]  as discord.py wraps what a command raised
    assert english in explain(wrapped, ENGLISH)
