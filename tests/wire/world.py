"""What the small Discord of these tests remembers: servers, their channels and people, messages, files.

Shapes are those of Discord's documentation (discord.com/developers/docs: resources, gateway events,
interactions) as far as discord.py 2.7 reads them.
"""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import discord

T = TypeVar("T")
Json = dict[str, Any]

PATIENCE = 600.0  # seconds until what hangs is given up; no test waits for it
_EPOCH = 1_420_070_400_000  # milliseconds: Discord's ids count from 2015 on
MEMBER = discord.Permissions(
    view_channel=True, send_messages=True, attach_files=True, read_message_history=True, add_reactions=True
)
MODERATOR = MEMBER | discord.Permissions(manage_guild=True)


@dataclass
class World:
    """One server with our bot in it: `pictures` and `general` are its channels; `ann`, `ben`, `mod` its people.

    Where `found` makes more servers, the same people are in them.

    Whatever changes calls `changed`, and whoever waits looks again (`until`): nothing here waits for a clock.
    """

    bot: Json = field(init=False)
    people: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    deleted: list[Json] = field(default_factory=list)
    files: dict[int, bytes] = field(default_factory=dict)
    reactions: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    nonces: dict[str, int] = field(default_factory=dict)
    interactions: dict[str, Json] = field(default_factory=dict)
    typed: int = 0
    url: str = ""
    emit: Callable[[str, Json], None] = field(init=False)

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._moved = asyncio.Event()
        self.guilds: dict[int, str] = {}
        self.locales: dict[int, str] = {}
        self.channels: dict[int, str] = {}
        self.guild_of: dict[int, int] = {}
        self.guild_id = self.found("Anime club", "pictures", "general")
        self.pictures, self.general = self.channels
        self.alone = self.new_id()  # where Ann is alone with the bot
        self.channels[self.alone], self.guild_of[self.alone] = "", 0
        self.bot = self._person("Koredare", bot=True)
        self.ann, self.ben, self.mod = (self._person(name) for name in ("ann", "ben", "mod"))
        self.moderators = {int(self.mod["id"])}

    def found(self, name: str, *channels: str, locale: str = "en-US") -> int:
        """Found a server with these channels; the first is in shard 0 of two, the next in shard 1, and so on."""
        guild_id = self.new_id()
        guild_id += ((len(self.guilds) - (guild_id >> 22)) % 2) << 22
        self.guilds[guild_id], self.locales[guild_id] = name, locale
        for channel in channels:
            self.channels[channel_id := self.new_id()] = channel
            self.guild_of[channel_id] = guild_id
        return guild_id

    def new_id(self, *, at: float | None = None) -> int:
        """An id that tells when it was made (seconds since 1970); they grow."""
        milliseconds = int((time.time() if at is None else at) * 1000) - _EPOCH
        return (milliseconds << 22) | (next(self._ids) & 0x3FFFFF)

    def changed(self) -> None:
        """Have everybody who waits look again."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def until(self, what: Callable[[], T | None]) -> T:
        """Wait until there is something; gives it."""
        async with asyncio.timeout(PATIENCE):
            while not (found := what()):
                await self._moved.wait()
        return found

    def _person(self, name: str, *, bot: bool = False) -> Json:
        made = {
            "id": str(self.new_id()),
            "username": name,
            "discriminator": "0",
            "global_name": None if bot else name.title(),
            "avatar": None,
            "bot": bot,
            "public_flags": 0,
        }
        self.people[int(made["id"])] = made
        return made

    def member(self, person: Json, guild_id: int) -> Json:
        """Somebody in a server."""
        moderator = int(person["id"]) in self.moderators
        return {
            "roles": [str(guild_id + 1)] if moderator else [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "nick": None,
            "avatar": None,
            "premium_since": None,
            "pending": False,
        }

    def channel(self, channel_id: int) -> Json:
        """A channel of a server, or the conversation."""
        if not self.guild_of[channel_id]:
            return {"id": str(channel_id), "type": 1, "flags": 0, "last_message_id": None, "recipients": [self.ann]}
        return {
            "id": str(channel_id),
            "guild_id": str(self.guild_of[channel_id]),
            "type": 0,
            "name": self.channels[channel_id],
            "position": 0,
            "permission_overwrites": [],
            "nsfw": False,
            "topic": None,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
        }

    def guild(self, guild_id: int) -> Json:
        """A server, as GUILD_CREATE has it."""

        def role(role_id: int, name: str, permissions: discord.Permissions) -> Json:
            return {
                "id": str(role_id),
                "name": name,
                "permissions": str(permissions.value),
                "color": 0,
                "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
                "hoist": False,
                "position": 0,
                "managed": False,
                "mentionable": False,
                "flags": 0,
            }

        return {
            "id": str(guild_id),
            "name": self.guilds[guild_id],
            "icon": None,
            "owner_id": "1",
            "afk_timeout": 300,
            "afk_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": [role(guild_id, "@everyone", MEMBER), role(guild_id + 1, "Moderators", MODERATOR)],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": self.locales[guild_id],
            "nsfw_level": 0,
            "channels": [self.channel(each) for each in self.channels if self.guild_of[each] == guild_id],
            "threads": [],
            "members": [{**self.member(self.bot, guild_id), "user": self.bot}],
            "member_count": len(self.people),
            "large": False,
            "unavailable": False,
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
        }

    def put(
        self,
        author: Json,
        channel_id: int,
        what: Json,
        files: list[tuple[str, bytes]],
        *,
        at: float | None = None,
        quietly: bool = False,
    ) -> Json:
        """Somebody posts a message, as `what` says (content, components, message_reference, flags, nonce).

        `quietly`: the gateway does not tell of it, as if it was not there.
        """
        attached = self._attach(channel_id, what.get("attachments") or [], files, at=at)
        message = {
            "id": str(self.new_id(at=at)),
            "channel_id": str(channel_id),
            "author": author,
            "content": what.get("content") or "",
            "timestamp": datetime.fromtimestamp(at or time.time(), UTC).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [each for each in self.people.values() if f"<@{each['id']}>" in (what.get("content") or "")],
            "mention_roles": [],
            "attachments": attached,
            "embeds": [],
            "pinned": False,
            "type": 19 if what.get("message_reference") else 0,
            "flags": what.get("flags") or 0,
            "components": what.get("components") or [],
        }
        if reference := what.get("message_reference"):
            to = str(reference["message_id"])
            message["message_reference"] = {"type": 0, "channel_id": str(channel_id), "message_id": to}
            message["referenced_message"] = self.messages.get(int(to))
        if "nonce" in what:
            message["nonce"] = what["nonce"]
        guild_id = self.guild_of[channel_id]
        if guild_id:
            message["guild_id"] = str(guild_id)
        self.messages[int(message["id"])] = message
        if not quietly:
            self.emit("MESSAGE_CREATE", message | ({"member": self.member(author, guild_id)} if guild_id else {}))
        self.changed()
        return message

    def edit(self, message: Json, what: Json, files: list[tuple[str, bytes]]) -> Json:
        """A message is edited; the attachments are those that `what` keeps, and the files."""
        channel_id = int(message["channel_id"])
        if "attachments" in what:
            kept = {each["id"]: each for each in message["attachments"]}
            stays = [kept[str(each["id"])] for each in what["attachments"] or [] if str(each["id"]) in kept]
            new = [each for each in what["attachments"] or [] if str(each["id"]) not in kept]
            message["attachments"] = stays + self._attach(channel_id, new, files)
        message.update({key: what[key] for key in ("content", "components", "flags") if what.get(key) is not None})
        message["edited_timestamp"] = datetime.now(UTC).isoformat()
        self.changed()
        return message

    def delete(self, message: Json) -> None:
        """A message goes, and its files with it."""
        del self.messages[int(message["id"])]
        self.deleted.append(message)
        for each in message["attachments"]:
            self.files.pop(int(each["id"]), None)
        self.emit("MESSAGE_DELETE", {key: message[key] for key in ("id", "channel_id", "guild_id") if key in message})
        self.changed()

    def react(self, person: Json, message: Json, emoji: str, *, quietly: bool = False) -> None:
        """Somebody gives a reaction."""
        self.reactions.setdefault(int(message["id"]), {}).setdefault(emoji, []).append(int(person["id"]))
        if not quietly:
            self.emit(
                "MESSAGE_REACTION_ADD",
                {
                    "user_id": person["id"],
                    "channel_id": message["channel_id"],
                    "message_id": message["id"],
                    "guild_id": message["guild_id"],
                    "member": {**self.member(person, int(message["guild_id"])), "user": person},
                    "emoji": {"id": None, "name": emoji},
                    "message_author_id": message["author"]["id"],
                    "burst": False,
                    "type": 0,
                },
            )

    def as_read(self, message: Json) -> Json:
        """A message as it is read from a channel, with its reactions."""
        given = self.reactions.get(int(message["id"]), {})
        told = [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(who),
                "me": False,
                "me_burst": False,
                "count_details": {"burst": 0, "normal": len(who)},
                "burst_colors": [],
            }
            for emoji, who in given.items()
        ]
        return {**message, "reactions": told} if told else message

    def interact(
        self, person: Json, kind: int, data: Json, *, channel_id: int, message: Json | None = None, token: str = ""
    ) -> Json:
        """Somebody uses a command (2), a button or menu (3), or sends a form (5); gives what is known of it."""
        interaction = {
            "id": str(self.new_id()),
            "token": token or f"token-{next(self._ids)}",
            "person": person,
            "channel_id": channel_id,
            "message": message,
            "callback": None,
            "original": None,
            "followups": [],
        }
        self.interactions[interaction["token"]] = interaction
        rights = MODERATOR if int(person["id"]) in self.moderators else MEMBER
        guild_id = self.guild_of[channel_id]
        told: Json = {
            "id": interaction["id"],
            "application_id": self.bot["id"],
            "type": kind,
            "data": data,
            "guild_id": str(guild_id),
            "guild": {"id": str(guild_id), "locale": self.locales[guild_id], "features": []},
            "channel_id": str(channel_id),
            "channel": self.channel(channel_id),
            "member": {**self.member(person, guild_id), "user": person, "permissions": str(rights.value)},
            "token": interaction["token"],
            "version": 1,
            "app_permissions": str(MEMBER.value),
            "locale": "en-US",
            "guild_locale": self.locales[guild_id],
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild_id)},
            "context": 0,
            "attachment_size_limit": 10 * 2**20,
        }
        if message is not None:
            told["message"] = message
        self.emit("INTERACTION_CREATE", told)
        return interaction

    def _attach(
        self, channel_id: int, described: list[Json], files: list[tuple[str, bytes]], *, at: float | None = None
    ) -> list[Json]:
        made: list[Json] = []
        for number, (sent_as, data) in enumerate(files):
            told = next((each for each in described if str(each.get("id")) == str(number)), {})
            attachment_id = self.new_id(at=at)
            self.files[attachment_id] = data
            name = told.get("filename", sent_as)
            url = f"{self.url}/attachments/{channel_id}/{attachment_id}/{name}"
            made.append(
                {
                    "id": str(attachment_id),
                    "filename": name,
                    "size": len(data),
                    "url": url,
                    "proxy_url": url,
                    "content_type": "image/png" if name.endswith(".png") else "application/octet-stream",
                    **({"description": told["description"]} if told.get("description") else {}),
                }
            )
        return made
