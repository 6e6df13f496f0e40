"""What people write below an answer, in English or Japanese: "2 is Riko", "no, it's Maki", 「2はリコです」, "undo"."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Meaning: TypeAlias = Literal["name", "not", "nobody", "right", "who", "undo", "chat", "unclear"]

MOST_WORDS: Final = 3  # of what is not written like a name; more is talk
MOST_LETTERS: Final = 30

_FACE = r"(?:face|number|no\.?|顔)\s*#?\s*|#\s*"
_IS = r"\bis\b|\bwas\b|isn['’]t|[:=：＝.,、。は]|が|\s[-–—]\s"
_NUMBER = re.compile(
    rf"(?:{_FACE})?(?P<number>\d{{1,2}})(?:番目?|つ目|人目)?(?:の(?:顔|子|人|キャラ))?(?:\s*(?P<sign>{_IS})\s*|\s+|$)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NEXT = re.compile(rf"\s*[\n;,、。]\s*(?:and\s+)?(?=(?:{_FACE})?\d{{1,2}}(?:番|[\s:=は]))", re.IGNORECASE)
_OBJECTION = re.compile(
    r"(?:no|nope|nah|wrong|actually|i think|sorry|いや|いえ|いいえ|違う|ちがう|違います|ちがいます|たぶん|多分)"
    r"(?:[,.!、。！\s]+)(?=\S)",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:(?:it|that|this|she|he)(?:['’]s|\s+is|\s+was)|(?:これ|それ|この[子人]|その[子人]|彼女|彼)は|is)\s*(?=\S)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:(?:it|that|this|she|he)\s+)?(?:isn['’]t|is\s+not|not)\s+(?P<name>.+)"
    r"|(?:(?:これ|それ|この[子人])は)?(?P<nihongo>.+?)(?:じゃ|では)(?:ない|ありません|ないです|ないよ)",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(?:だと思います|だと思う|ですよ|ですね|です|だよ|だね|っす)$")
_QUOTES: Final = "\"'`“”‘’「」『』«» "
_TRAILING: Final = ".!。！,、 "

_PHRASES: Final[dict[str, Meaning]] = {
    phrase: meaning
    for meaning, phrases in {
        "nobody": "not a face|no face|nobody|nothing|no one|a face|顔|顔なし",
        "right": "yes|yep|yeah|right|correct|true|all right|that's right|はい|正解|合ってる|合ってます|正しい|その通り",
        "who": "no|nope|wrong|incorrect|false|that's wrong|someone else|いいえ|いや|違う|ちがう|違います|ちがいます"
        "|不正解|別人",
        "undo": "undo|take back|take it back|take that back|cancel|never mind|nevermind|取り消し|取消|取り消す"
        "|取り消して|取り消してください|とりけし|キャンセル|やっぱりなし|元に戻して",
        "chat": "thanks|thank you|thx|ty|nice|good bot|great|wow|cool|lol|haha|ok|okay|ありがとう|ありがとうございます"
        "|すごい|さすが|おお|草|なるほど",
    }.items()
    for phrase in phrases.split("|")
}  # pyright: ignore[reportAssignmentType]  - the keys of the inner dict are no literals to it


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that somebody wrote.

    Attributes
    ----------
    number
        Of the face; None: they did not say which.
    meaning
        "name": it is `name`. "not": it is not `name`. "nobody": no face. "right": as the answer says. "who": it is
        somebody else, or only the number was given. "undo": what they said before counts no more. "chat": talk.
        "unclear": most likely not meant for us.
    stated
        They said outright that it is so ("2 is …", "it's …"), and it is written like a name: so it may be taken for
        one that nobody bears yet, which "it's cute" may not.
    """

    number: int | None
    meaning: Meaning
    name: str = ""
    stated: bool = False


def hear(text: str) -> list[Heard]:
    """What a message says of the faces of an answer; several things if each begins with a number."""
    text, objected = _without(_OBJECTION, _single_spaced(text))
    parts = [part for part in _NEXT.split(text) if part.strip()]
    several = len(parts) > 1 and all(_NUMBER.fullmatch(part.strip()) for part in parts)
    return [_hear(part, objected=objected) for part in (parts if several else [text]) if part.strip()]


def _hear(text: str, *, objected: bool) -> Heard:
    text = text.strip()
    number, stated = None, objected
    if match := _NUMBER.fullmatch(text):
        number, stated, text = int(match["number"]), True, match["rest"]
        if (match["sign"] or "").lower().startswith("isn"):
            text = f"not {text}"
        text, _ = _without(_OBJECTION, text)
    text = text.strip().rstrip(_TRAILING)
    if meaning := _PHRASES.get(_folded(text)):
        return Heard(number, meaning)
    if match := _NOT.fullmatch(text):
        return _denied(number, (match["name"] or match["nihongo"]).strip(_QUOTES))
    name, said_outright = _without(_STATED, text)
    name, polite = _stripped(_POLITE, name)
    name = name.strip(_QUOTES)
    stated = stated or said_outright or polite
    if not name:
        return Heard(number, "who" if number is not None else "unclear")
    if meaning := _PHRASES.get(_folded(name)):
        return Heard(number, meaning)
    stated = stated and _written_like_a_name(name)
    return Heard(number, "name", name, stated) if stated or _may_be_a_name(name) else Heard(number, "unclear")


def _denied(number: int | None, name: str) -> Heard:
    if _PHRASES.get(_folded(name)) == "nobody":
        return Heard(number, "nobody")
    return Heard(number, "not", name)


def _written_like_a_name(text: str) -> bool:
    """Whether it begins with a capital, or with a sign that has none; adjectives in Japanese end in hiragana."""
    hiragana = "\u3041" <= text[-1] <= "\u309f"
    return not text[0].islower() and not hiragana and not _talk(text)


def _may_be_a_name(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and len(text) <= MOST_LETTERS and not _talk(text)


def _talk(text: str) -> bool:
    return "\n" in text or "://" in text or text.endswith(("?", "？"))


def _single_spaced(text: str) -> str:
    """Without blank lines and runs of spaces, on which `_NEXT` would spend minutes."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _without(beginning: re.Pattern[str], text: str) -> tuple[str, bool]:
    match = beginning.match(text)
    return (text, False) if match is None else (text[match.end() :], True)


def _stripped(end: re.Pattern[str], text: str) -> tuple[str, bool]:
    match = end.search(text)
    return (text, False) if match is None or match.start() == 0 else (text[: match.start()], True)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip(_QUOTES)
