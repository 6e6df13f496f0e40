"""What people write below an answer, in English or Japanese: "2 is Riko", "no, it's Maki", 「2はリコです」, "undo".

A message is a list of statements, a statement is whom it is about and what is said of them:

    message   = statement { joint statement }         "1 is Hana and 2 is Yuki", a line each, "#1 Hana #2 Yuki"
    statement = [objection] [subject [copula]] said   "no, 2 is Riko", "1 and 2 are Riko", "they are all Riko", "Riko"
    said      = phrase | "not" name ["it's" name] | name

What does not go into this whole is not guessed at: a name that itself looks like a statement is asked about.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ml.naming.names import OWN_WORDS, is_own_word

Meaning: TypeAlias = Literal["name", "not", "nobody", "stranger", "right", "who", "undo", "chat", "unclear"]

MOST_WORDS: Final = 3  # of what is not written like a name; more is talk
MOST_LETTERS: Final = 30

_MARK = r"(?:(?:face|number|no\.?|顔)\s*#?\s*|#\s*)"
_ONE = rf"{_MARK}?\d{{1,2}}(?!\d)(?:番目?|つ目|人目)?(?:の(?:顔|子|人|キャラ))?"
_ALL = (
    r"(?:(?:they|these|those)(?:['’]re|\s+are)\s+all|all(?:\s+of\s+(?:them|these|those))?|both(?:\s+of\s+them)?"
    r"|everyone|everybody|全員|みんな|全部|[二三四]人とも)"
)
_ALL_SIGN = r"(?:\s+(?:is|are|was|were)\b|\s*[:=：＝は]|(?<=all)(?=\s)|(?<=とも)|(?<=[員な部]))"
# What joins a number with its name without a doubt, and what may as well be part of a sentence.
_SURE = r"(?:\s*(?:\b(?:is|are|was|were)\b|\b(?:isn|aren)['’]t|['’]s\b|[-=]>|→|[:=：＝はが)）])|\.(?=\s)|\s[-–—](?=\s))"
_SIGN = rf"(?:{_SURE}|\s*[.,、。])"
_NUMBERED = re.compile(rf"(?P<number>{_ONE})(?:(?P<sign>{_SIGN})\s*|\s+|$)(?P<said>.*)", re.IGNORECASE | re.DOTALL)
_OF_ALL = re.compile(rf"{_ALL}{_ALL_SIGN}\s*(?P<said>.+)", re.IGNORECASE | re.DOTALL)
_MARKED = r"(?<!\bface)(?<!\bnumber)(?<!\bno)(?<!\bno\.)(?<!顔)"  # the number after it is told by that
_JOINT = re.compile(
    # Between statements: anything that parts sentences, a space too, before a number that surely has a name;
    rf"{_MARKED}(?:\s*[\n;,、。/&+]\s*|(?<!\d)\.\s*|\s+|(?<=\S)で\s*)(?:(?:and|but|&)\s+)?(?={_ONE}{_SURE}|{_MARK}\d)"
    # only what parts them without a doubt before any other number.
    rf"|(?:\s*[\n;,、/&+]\s*|\s+and\s+)(?:(?:and|&)\s+)?(?={_ONE}(?:\s+\S|$|\s*[\n;,、/&+と]|\s+and\b))"
    rf"|と(?={_ONE}(?:[はがと]|\s))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"\b(\d{1,2})\s*(?:[-–~〜～]|\bto\b|から)\s*(\d{1,2})(?:番)?(?:まで)?(?=\s+are\b|\s*[:：=＝は]|\s+all\b)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[-*•・]\s*(?=[#＃\d])", re.MULTILINE)
_STATEMENT_INSIDE = re.compile(
    rf"\b(?:is|are)\b|\n|(?:^|\s|[,、。でと]){_ONE}{_SURE}|\s#\d|\s\d{{1,2}}\s+\S", re.IGNORECASE
)
_OBJECTION = re.compile(
    r"(?:no|nope|nah|wrong|actually|i think|sorry|いや|いえ|いいえ|違う|ちがう|違います|ちがいます|たぶん|多分)"
    r"(?:[,.!、。！\s]+)(?=\S)",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:(?:it|that|this|she|he)(?:['’]s|\s+is|\s+was)|is)\s+(?=\S)"
    r"|(?:これ|それ|この[子人]|その[子人]|彼女|彼)は\s*(?=\S)",
    re.IGNORECASE,
)
_IT_IS = r"(?:it|that|this|she|he)(?:['’]s|\s+is)"
_BUT = rf"(?:\s*[,;.、]?\s*(?:but(?:\s+{_IT_IS})?|{_IT_IS}|rather)\s+)"
_NOT = re.compile(
    rf"(?:(?:it|that|this|she|he)\s+)?(?:isn['’]t|is\s+not|not)\s+(?P<name>.+?)(?:{_BUT}(?P<rather>.+))?"
    r"|(?:(?:これ|それ|この[子人])は)?(?P<nihongo>.+?)"
    r"(?:(?:じゃ|では)(?:ない|ありません|ないです|ないよ)|(?:じゃ|では)なくて?[、\s]*(?P<むしろ>.+))",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(?:だと思います|だと思う|ですよ|ですね|です|だよ|だね|っす)$")
_QUOTES: Final = "\"'`“”‘’「」『』«» *_~|"  # and what Discord makes bold, slanted or hidden
_BOLD = r"(?:\*\*|__|\|\|)?"
_QUOTED = re.compile(
    rf"{_BOLD}(?:\"(?P<a>[^\"]+)\"|“(?P<b>[^”]+)”|「(?P<c>[^」]+)」|『(?P<d>[^』]+)』){_BOLD}[.!。！]*"
)
_TRAILING: Final = ".!。！,、 "
# Signs at the end that belong to the name: C.C., K-ON!
_ENDS_SO = re.compile(r"(?:\w\.){2,}|(?=[^a-z]*[-\d])[A-Z\d][A-Z\d-]+!+")

_PHRASES: Final[dict[str, Meaning]] = {
    phrase: meaning
    for meaning, phrases in {
        "nobody": "not a face|no face|nobody|nothing|no one|a face|顔|顔なし",
        "right": "yes|yep|yeah|right|correct|true|all right|that's right|はい|正解|合ってる|合ってます|正しい|その通り",
        "stranger": "|".join(OWN_WORDS).casefold(),
        "who": "no|nope|wrong|incorrect|false|that's wrong|someone else|somebody else|いいえ|いや|違う|ちがう|違います"
        "|ちがいます|不正解|別人",
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
        Of the face; "all": of every face; None: they did not say which.
    meaning
        "name": it is `name`. "not": it is not `name`. "nobody": no face. "stranger": somebody whom we do not know.
        "right": as the answer says. "who": it is somebody else, or only the number was given. "undo": what they said
        before counts no more. "chat": talk.
        "unclear": most likely not meant for us, or more than one thing.
    stated
        They said outright that it is so ("2 is …", "it's …"), and it is written like a name: so it may be taken for
        one that nobody bears yet, which "it's cute" may not.
    """

    number: int | Literal["all"] | None
    meaning: Meaning
    name: str = ""
    stated: bool = False


_UNCLEAR: Final = [Heard(None, "unclear")]
_OF_EACH: Final = ("not", "nobody", "stranger")


def hear(text: str) -> list[Heard]:
    """What a message says of the faces of an answer; several things if each begins with a number."""
    text, objected = _without(_OBJECTION, _RANGE.sub(_counted, _BULLET.sub("", _single_spaced(text))))
    if len(parts := _parts(text)) > 1:
        return _several(parts)
    return _of(None, text.strip(), stated=objected) if text.strip() else []


def phrase(text: str) -> Meaning | None:
    """What a text means that is one of the phrases that are no names; None: it is none of them."""
    return _PHRASES.get(_folded(_unpunctuated(text)))


def is_statement(name: str) -> bool:
    """Whether what was given as a name reads as something said: "Hana and 2 is Yuki", "not Riko", "yes"."""
    if _STATEMENT_INSIDE.search(name) or _STATED.match(name) or phrase(name):
        return True
    heard = hear(name)
    return len(heard) != 1 or heard[0].number is not None or heard[0].meaning not in ("name", "unclear")


def _counted(match: re.Match[str]) -> str:
    """The numbers of a range, one by one; the text as it is, if it is none."""
    first, last = int(match[1]), int(match[2])
    return ", ".join(map(str, range(first, last + 1))) if first < last else match[0]


def _parts(text: str) -> list[str]:
    """The statements of a text, each with its number; the text as it is, if it is not made of such."""
    parts = [part.strip() for part in _JOINT.split(text) if part.strip()]
    return parts if all(_NUMBERED.fullmatch(part) for part in parts) else [text]


def _several(parts: list[str]) -> list[Heard]:
    """Numbers without a name share the next one's, as in "1, 2 and 3 are Riko"; the last ones have none."""
    heard: list[Heard] = []
    waiting: list[int] = []
    for part in parts:
        number, said, stated = _parted(part)
        waiting.append(number)
        if said:
            heard += [each for number in waiting for each in _of(number, said, stated=stated)]
            waiting = []
    return heard + [Heard(number, "who") for number in waiting]


def _parted(statement: str) -> tuple[int, str, bool]:
    """The number of a statement, what it says, and whether the two are joined as only statements join them."""
    match = _NUMBERED.fullmatch(statement)
    assert match is not None
    number = int(re.sub(r"\D", "", unicodedata.normalize("NFKC", match["number"])))
    said = match["said"].strip()
    if re.match(r"\s*(?:isn|aren)", match["sign"] or "", re.IGNORECASE):
        said = f"not {said}"
    return number, said, True


def _of(number: int | Literal["all"] | None, text: str, *, stated: bool) -> list[Heard]:
    """What a text says of a face, or of whichever faces it begins with."""
    if number is None and _folded(_unpunctuated(text)) not in _PHRASES:
        if match := _OF_ALL.fullmatch(text):
            heard = _of("all", match["said"].strip(), stated=True)
            # "everyone is happy" is talk: of all at once only what is surely a name is heard, or that they are none
            return heard if all(each.stated or each.meaning in _OF_EACH for each in heard) else _UNCLEAR
        if _NUMBERED.fullmatch(text):
            number, text, stated = _parted(text)
            if not text:
                return [Heard(number, "who")]
    if number is not None:
        text, _ = _without(_OBJECTION, text)
    if quoted := _QUOTED.fullmatch(text):
        return [_quoted(number, quoted, stated=stated)]
    text = _unpunctuated(text)
    if meaning := _PHRASES.get(_folded(text)):
        return [Heard(number, meaning)]
    if match := _NOT.fullmatch(text):
        return _denied(number, match)
    return [_named(number, text, stated=stated)]


def _quoted(number: int | Literal["all"] | None, match: re.Match[str], *, stated: bool) -> Heard:
    name = next(name for name in match.groups() if name is not None).strip()
    if not name or "\n" in name or len(_parts(name)) > 1:
        return Heard(number, "unclear")
    if is_own_word(name):
        return Heard(number, "stranger")
    return Heard(number, "name", name, stated and _written_like_a_name(name) and not _STATEMENT_INSIDE.search(name))


def _named(number: int | Literal["all"] | None, text: str, *, stated: bool) -> Heard:
    name, said_outright = _without(_STATED, text)
    if quoted := _QUOTED.fullmatch(name):
        return _quoted(number, quoted, stated=stated or said_outright)
    name, polite = _stripped(_POLITE, name)
    name = _unpunctuated(name.strip(_QUOTES))
    stated = stated or said_outright or polite
    if not name:
        return Heard(number, "who" if number is not None else "unclear")
    if meaning := _PHRASES.get(_folded(name)):
        return Heard(number, meaning)
    if _STATEMENT_INSIDE.search(name) or len(_parts(name)) > 1:
        return Heard(number, "unclear")
    stated = stated and _written_like_a_name(name)
    return Heard(number, "name", name, stated) if stated or _may_be_a_name(name) else Heard(number, "unclear")


def _denied(number: int | Literal["all"] | None, match: re.Match[str]) -> list[Heard]:
    name = (match["name"] or match["nihongo"]).strip(_QUOTES + ",、")
    rather = match["rather"] or match["むしろ"]
    if not name or _STATEMENT_INSIDE.search(name):
        return [Heard(number, "unclear")]
    if _PHRASES.get(_folded(name)) == "nobody":
        return [Heard(number, "nobody")]
    return [Heard(number, "not", name), *([_named(number, rather.strip(), stated=True)] if rather else [])]


def _written_like_a_name(text: str) -> bool:
    """Whether it begins with a capital, or with a sign that has none; adjectives in Japanese end in hiragana."""
    hiragana = "\u3041" <= text[-1] <= "\u309f"
    return not text[0].islower() and not hiragana and not _talk(text)


def _may_be_a_name(text: str) -> bool:
    return len(text.split()) <= MOST_WORDS and len(text) <= MOST_LETTERS and not _talk(text)


def _talk(text: str) -> bool:
    return "\n" in text or "://" in text or text.endswith(("?", "？"))


def _single_spaced(text: str) -> str:
    """Without blank lines and runs of spaces, on which searching would spend minutes."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _without(beginning: re.Pattern[str], text: str) -> tuple[str, bool]:
    match = beginning.match(text)
    return (text, False) if match is None else (text[match.end() :], True)


def _stripped(end: re.Pattern[str], text: str) -> tuple[str, bool]:
    match = end.search(text)
    return (text, False) if match is None or match.start() == 0 else (text[: match.start()], True)


def _unpunctuated(text: str) -> str:
    """Without what ends a sentence, unless the name itself ends so."""
    last = text.rsplit(maxsplit=1)[-1].strip(_QUOTES) if text.split() else ""
    return text.strip() if _ENDS_SO.fullmatch(last) else text.strip().rstrip(_TRAILING)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip(_QUOTES)
