"""The settings: a class for each table of the file, and what each setting means."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from bot import logs
from bot.config import hours
from bot.config.hours import Hours
from bot.config.values import ApiAddress, BackboneChoice, DatabaseUrl, File, ListeningAddress, StoreUrl
from ml.versions.charge import owner_of
from ml.versions.registry import Registry, models
from ml.versions.remote import Remote

Language: TypeAlias = Literal["en", "ja"]
"""What the bot speaks in chat."""
MOST_QUORUM = 20


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DiscordSettings(Table):
    """How the bot meets Discord.

    Attributes
    ----------
    token
        From Discord's developer portal. The variable `KOREDARE_TOKEN` wins over the file.
    prefix
        What text commands begin with.
    message_content
        Ask Discord for the contents of messages that do not mention the bot; without them channels cannot be watched.
    strangers
        What is posted in a watched channel where nobody in a picture is known: "line", or the labelled "picture".
    api
        Where Discord's API is: Discord itself, or something on this machine that stands before it.
    shards
        Into how many connections the bot's servers are divided, in all its processes together; 0: as Discord advises.
    shard_ids
        Which of them this process holds, by their numbers from 0 on; empty: all.
    """

    token: SecretStr = SecretStr("")
    prefix: Annotated[str, Field(min_length=1, max_length=10)] = "!"
    message_content: bool = True
    strangers: Literal["line", "picture"] = "line"
    api: ApiAddress = "https://discord.com/api/v10"
    shards: Annotated[int, Field(ge=0, le=100_000)] = 0
    shard_ids: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _shards_are_there(self) -> Self:
        if not self.shard_ids:
            return self
        if not self.shards:
            raise ValueError("shard_ids needs shards: how many there are in all, the same in every process")
        if strange := [each for each in self.shard_ids if not 0 <= each < self.shards]:
            raise ValueError(
                f"shard_ids has {strange[0]}, and shards = {self.shards} are numbered 0 to {self.shards - 1}"
            )
        if len(set(self.shard_ids)) < len(self.shard_ids):
            raise ValueError("shard_ids has one twice")
        return self

    @property
    def token_is_odd(self) -> bool:
        """Whether the token has signs in it that no token has; what surrounds it is passed over."""
        return re.search(r"[^\x21-\x7e]", self.token.get_secret_value().strip()) is not None

    def holds(self, guild_id: int) -> bool:
        """Whether this process, and no other, is told what happens in a server."""
        return not self.shard_ids or (guild_id >> 22) % self.shards in self.shard_ids


class DatabaseSettings(Table):
    """Where what is remembered lies.

    Attributes
    ----------
    url
        Of a database of PostgreSQL; empty: in a file in the data folder. The variable `KOREDARE_DATABASE` wins over the
        file.
    """

    url: DatabaseUrl = SecretStr("")


_Positive: TypeAlias = Annotated[float, Field(gt=0)]


class OnnxSettings(Table):
    """How the ONNX file that is the backbone is to be used.

    Attributes
    ----------
    size
        Side of its input, pixels; 0: as the file says.
    mean, std
        What is taken from red, green and blue, 0..1, and what the rest is divided by.
    output
        Which of its outputs is the vector; empty: its only one.
    """

    size: Annotated[int, Field(ge=0, le=1024)] = 0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[_Positive, _Positive, _Positive] = (1.0, 1.0, 1.0)
    output: str = ""


class RecognitionSettings(Table):
    """How pictures are looked at.

    Attributes
    ----------
    detectors
        Names of cascades, or paths of `.xml` files, in the order in which they are asked: those after the
        first only where it is not sure. Empty: what set-up found, the best first.
    backbone
        The network that turns faces into vectors: the one that ships, or one of `keras.applications` or in an ONNX
        file, which `koredare backbone` prepares.
    backbone_weights
        Path of the weights to prepare one of `keras.applications` from; empty: ImageNet's, downloaded by Keras.
    onnx
        How an ONNX file is to be used.
    executor
        Where recognition runs: "processes" (a picture that kills or hangs its worker costs that one answer), or
        "dask" (a cluster at `dask_address`).
    dask_ca, dask_certificate, dask_key
        Paths of PEM files, for a scheduler that speaks TLS: whose certificates we trust, ours, and its key. Empty: as
        Dask's own configuration has it.
    workers
        Pictures looked at side by side.
    worker_megabytes
        Memory that looking at a picture may take (on Linux; elsewhere it is not bounded).
    seconds
        A picture that takes longer is given up.
    max_megabytes, max_megapixels
        Larger pictures are refused before they are decoded.
    """

    detectors: tuple[File, ...] = ()
    backbone: BackboneChoice = "koredare"
    backbone_weights: File = ""
    onnx: OnnxSettings = OnnxSettings()
    executor: Literal["processes", "dask"] = "processes"
    dask_address: str = ""
    dask_ca: File = ""
    dask_certificate: File = ""
    dask_key: File = ""
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    worker_megabytes: Annotated[int, Field(ge=200, le=65_536)] = 800
    seconds: Annotated[float, Field(gt=0, le=600)] = 20.0
    max_megabytes: Annotated[float, Field(gt=0, le=500)] = 25.0
    max_megapixels: Annotated[float, Field(gt=0, le=200)] = 40.0

    @property
    def max_bytes(self) -> int:
        """`max_megabytes`, in bytes."""
        return int(self.max_megabytes * 2**20)

    @model_validator(mode="after")
    def _cluster_has_an_address(self) -> Self:
        if self.executor == "dask" and not self.dask_address:
            raise ValueError('executor = "dask" needs dask_address, the scheduler\'s, as "tcp://host:8786"')
        files = (self.dask_ca, self.dask_certificate, self.dask_key)
        if any(files) and not (all(files) and self.dask_address.startswith("tls://")):
            raise ValueError('dask_ca, dask_certificate and dask_key are for a dask_address that begins with "tls://"')
        return self


ConsentPolicy: TypeAlias = Literal["ask", "given", "never"]
"""Whose pictures may be kept to learn from, as in `FeedbackSettings`."""


class FeedbackSettings(Table):
    """Whose word counts, and whose pictures may be kept.

    Attributes
    ----------
    quorum
        Members who must agree before a name is trusted; a moderator's word is enough alone.
    consent
        "ask": the poster of a corrected picture is asked, once. "given": your members have agreed elsewhere.
        "never": no picture from Discord is ever kept or learned from.
    """

    quorum: Annotated[int, Field(ge=1, le=MOST_QUORUM)] = 2
    consent: ConsentPolicy = "ask"


class PrivacySettings(Table):
    """How long what people posted is kept.

    Attributes
    ----------
    retention_days
        Pictures posted on Discord that are older are forgotten, with their faces, what was kept of them to learn from,
        and what was said of them; 0: never.
    left_days
        A server that the bot was taken out of so long ago is forgotten, with all that is its own; 0: never.
    """

    retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    left_days: Annotated[int, Field(ge=0, le=36_500)] = 30


class RetrainingSettings(Table):
    """How the bot learns.

    Attributes
    ----------
    every
        What was said in a server waits this long at most, then it is retrained; None: for ever.
    after_corrections
        It is retrained once so much was said; 0: never.
    quiet
        Hours of the day in which no such retraining begins; None: it may at any hour.
    time_zone
        Of these hours, as "Europe/Berlin"; empty: the machine's.
    at_once
        So many run side by side; the others wait.
    minutes
        A retraining that takes longer is stopped, and the old version stays.
    megabytes
        One that needs more memory is stopped likewise (on Linux; elsewhere it is not bounded).
    """

    every: Annotated[timedelta | None, BeforeValidator(hours.duration)] = timedelta(hours=24)
    after_corrections: Annotated[int, Field(ge=0)] = 30
    quiet: Annotated[Hours | None, BeforeValidator(Hours.parse)] = None
    time_zone: Annotated[str, AfterValidator(hours.check_zone)] = ""
    at_once: Annotated[int, Field(ge=1, le=64)] = 1
    minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 10.0
    megabytes: Annotated[int, Field(ge=1024)] = 2048


class ModelsSettings(Table):
    """Where model versions lie.

    Attributes
    ----------
    url
        A store that several machines see, as fsspec knows it; empty: in the data folder, of this machine alone.
    """

    url: StoreUrl = ""


class HealthSettings(Table):
    """Where whoever watches the bot asks how it is.

    Attributes
    ----------
    listen
        Address and port of `/healthz` and `/metrics`; empty: there is no such page.
    """

    listen: ListeningAddress = ""

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port; None: there is no page."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if self.listen else None


class LoggingSettings(Table):
    """What the log on stderr looks like.

    Attributes
    ----------
    level
        What is less important is left out. "debug" has each step of each picture too.
    format
        "text" for people, "json" for machines, an object a line.
    """

    level: logs.Level = "info"
    format: logs.Format = "text"


class Settings(Table):
    """Everything that can be chosen, and where the bot's data lives."""

    home: Path
    discord: DiscordSettings = DiscordSettings()
    database: DatabaseSettings = DatabaseSettings()
    recognition: RecognitionSettings = RecognitionSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    retraining: RetrainingSettings = RetrainingSettings()
    privacy: PrivacySettings = PrivacySettings()
    logging: LoggingSettings = LoggingSettings()
    health: HealthSettings = HealthSettings()
    models: ModelsSettings = ModelsSettings()

    def registry(self, guild_id: int | None) -> Registry:
        """A guild's model versions; None: those that everyone shares."""
        if not self.models.url:
            return Registry(models(self.home, guild_id))
        return Registry(Remote(self.models.url, owner_of(guild_id), home=self.home))
