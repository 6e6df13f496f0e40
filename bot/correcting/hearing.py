"""What people write below an answer, in English or Japanese: "2 is Riko", "no, it's Maki", 「2はリコです」, "undo".

A message is a list of statements, a statement is whom it is about and what is said of them:

    message   = statement { joint statement }         "1 is Hana and 2 is Yuki", a line each, "#1 Hana #2 Yuki"
    statement = [opening] [subject [copula]] said     "no, 2 is Riko", "1 and 2 are Riko", "left is Riko", "Riko"
    said      = phrase | "not" name ["it's" name] | name ["not" name] | name "?"

What does not go into this whole is not guessed at: a name that itself looks like a statement is asked about. The words
for subjects are in `whom.py`, all other words in `wording.py`; where statements part is in `parting.py`.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.correcting import parting, wording
from bot.correcting.whom import ALL, NUMBER, WORDED, Which, which
from bot.correcting.wording import COPULA, QUOTES, STATED, Meaning, phrase
from ml.naming.names import is_own_word

_ALL_SIGN = rf"(?:\s+{COPULA}\b|\s*[:=：＝は]|(?<=all|oth|hem|ese|ose)(?=\s)|(?<=[もとな員部方て])(?=\S))"
_OF_ALL = re.compile(rf"(?P<which>{ALL}){_ALL_SIGN}\s*(?P<said>.+)", re.IGNORECASE | re.DOTALL)
_OF_NONE = re.compile(
    rf"(?:none(?:\s+of\s+(?:them|these|those))?|neither(?:\s+of\s+(?:them|these))?|nobody|no\s+one)(?:\s+(?:here|there))?\s+{COPULA}\s+(?P<name>.+)"
    r"|(?:どれも|誰も|どちらも|どっちも)(?P<dare>.+?)(?:じゃ|では)(?:ない|ありません)(?:です)?",
    re.IGNORECASE,
)
_IN_ORDER = re.compile(
    r"(?:(?:from\s+)?left\s+to\s+right\s*[:,=]?\s+|(?:in\s+order|from\s+the\s+left)\s*[:,=]\s*|左から(?:順(?:番)?に)?[、:：\s]*)(?P<names>\S.*?)(?:です)?"
    r"|(?P<listed>.+?)[\s,]*\(?(?:from\s+)?left\s+to\s+right\)?",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"(?:is|are|was|isn['’]?t|aren['’]?t)\s+(?:(?:it|that|this|she|he|they)|(?P<which>{NUMBER}|{WORDED}))\s+(?P<name>[^?？]+?)[?？]+"
    r"|(?P<dare>[^?？]+?)(?:(?:じゃ|では)(?:ない|ありません)(?:です)?(?:か|の|かな)?|じゃ(?:ね|ん)|では|でしょ|だろ|ですか|だよね|だっけ|かな|か)?[?？]+",
    re.IGNORECASE,
)
_TAG = re.compile(r"[\s,]+(?:right|correct|no|yes|isn['’]?t\s+(?:it|she|he|that))$", re.IGNORECASE)
_IT_IS = rf"(?:(?:it|that|this|she|he)(?:['’]?s|\s+{COPULA}))"
_BUT = rf"(?:\s*[,;.、]?\s*(?:but(?:\s+{_IT_IS})?|{_IT_IS}|rather)\s+|\s*,\s+)"
_NOT = re.compile(
    rf"(?:(?:it|that|this|she|he|{wording.SOMEBODY})\s+)?(?:(?:is|was)n['’]?t|ain['’]?t|is\s+not|not)\s+(?P<name>.+?)(?:{_BUT}(?P<rather>.+))?"
    r"|(?:(?:これ|それ|この[子人])は)?(?P<nihongo>.+?)(?:じゃ|では)"
    r"(?:ない|ありません|なくて?|ねえ)(?:です)?(?:よ|ね|と思います|と思う)?(?:[、。,\s]*(?P<mushiro>.+))?",
    re.IGNORECASE,
)
_RATHER_THAN = re.compile(
    r"(?P<name>.+?)(?:\s*,)?\s+[(（]?(?:and\s+not|not|rather\s+than|instead\s+of)\s+(?P<other>.+?)[)）]?", re.IGNORECASE
)
_JUDGED = re.compile(
    r"(?P<name>\S.*?)\s*(?:\bis\b|は|が|って)\s*(?:the\s+)?(?P<verdict>\S+)(?:\s+(?:one|answer|name))?", re.IGNORECASE
)
_FROM = re.compile(r"(?P<name>.+?)[\s,]+from\s+.+", re.IGNORECASE)
_THE_OTHER_WAY = re.compile(  # "Riko is on the left, Maki (2)": the face comes last
    rf"(?P<name>.+?)(?:\s+is\s+|\s*(?:[=＝→]|->)\s*|\s*[(（]|が|は|\s+(?=#|(?:on|at)\s+the\b))(?P<which>{NUMBER}|{WORDED})[)）]?(?:です|だよ?)?",
    re.IGNORECASE,
)
_WE = re.compile(r"(?:i|me|we|us|he|she|it|they|them|this|that|these|those|who|what|there|here)\b", re.IGNORECASE)
_NEXT = re.compile(r"\s*[\n,、;/&・]\s*(?:and\s+)?|\s+and\s+|(?<=[左右側端目番\d])で(?!す)\s*", re.IGNORECASE)
_SAME = re.compile(r"(?:the\s+)?same(?:\s+(?:here|one|girl|person))?|ditto|同じ(?:く|人)?|同上", re.IGNORECASE)
_QUOTED = re.compile(
    r"(?:\"(?P<a>[^\"]+)\"|“(?P<b>[^”]+)”|「(?P<c>[^」]+)」|『(?P<d>[^』]+)』|„(?P<e>[^“”]+)[“”]|«(?P<f>[^»]+)»|‹(?P<g>[^›]+)›)[.!。！]*"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that somebody wrote.

    Attributes
    ----------
    number
        Of the face, or what else tells it; None: they did not say which.
    meaning
        "name": it is `name`. "not": it is not `name`. "maybe": whether it is `name` they only ask. "nobody": no face.
        "stranger": somebody whom we do not know. "right": as the answer says. "who": it is somebody else, or only the
        number was given. "undo": what they said before counts no more. "chat": talk. "how": they ask how to say it.
        "unclear": most likely not meant for us, or more than one thing.
    stated
        They said outright that it is so ("2 is …", "it's …"), and it is written like a name: so it may be taken for
        one that nobody bears yet, which "it's cute" may not.
    """

    number: Which | None
    meaning: Meaning
    name: str = ""
    stated: bool = False


_MOST_WRITTEN: Final = 4000  # letters of a message, as Discord has it
_MOST_STATED: Final = 400  # letters of one statement: searching long ones takes long, and nobody says so much of a face
_UNCLEAR: Final = [Heard(None, "unclear")]
_OF_EACH: Final = ("not", "nobody", "stranger")


def hear(text: str) -> list[Heard]:
    """What a message says of the faces of an answer; several things if each begins with whom it is about."""
    if len(text) > _MOST_WRITTEN:
        return _UNCLEAR
    text = parting.counted(wording.as_meant(text))
    if len(text) > _MOST_WRITTEN:  # a hundred ranges make a book of numbers
        return _UNCLEAR
    if whole := wording.phrases(text):
        return [Heard(None, whole)]
    if not parting.begins_with_a_subject(text):
        text, opened = wording.opened(text)
    else:
        opened = False
    if len(parts := parting.parts(text)) > 1:
        return _several(parts)
    if len(text) > _MOST_STATED:
        return _UNCLEAR
    if other_way := _the_other_way(text):
        return other_way
    if (match := _IN_ORDER.fullmatch(text)) and len(names := parting.listed(match["names"] or match["listed"])) > 1:
        return [each for number, name in enumerate(names, start=1) for each in _of(number, name.strip(), stated=True)]
    if (asked := _ASKED.fullmatch(text)) is not None:
        return [_asked(asked)]
    return _of(None, text.strip(), stated=opened) if text.strip() else []


def _the_other_way(text: str) -> list[Heard]:
    """What is said with the face behind the name, of each; nothing if it is not all of it said so."""
    matches = [_THE_OTHER_WAY.fullmatch(each.rstrip(wording.TRAILING)) for each in _NEXT.split(text)]
    heard = [
        Heard(which(match["which"]), "name", name, wording.written_like_a_name(name))
        for match in matches
        if match is not None
        and wording.may_be_a_name(name := match["name"].strip(QUOTES))
        and phrase(name) is None
        and not _WE.match(name)
        # "Riko is right" and "Riko is #1" are praise
        and (len(matches) > 1 or not re.fullmatch(r"(?:left|right|middle)|\D+\d+", match["which"], re.IGNORECASE))
    ]
    return heard if len(heard) == len(matches) == len({each.number for each in heard}) else []


def taught(text: str) -> str | None:
    """The name that somebody gives to teach it: of "this is Riko" it is Riko; None: it says more than a name.

    Examples
    --------
    >>> taught("**Riko**"), taught("1 is Riko"), taught('"Who Is She"'), taught("1 is Riko and 2 is Maki")
    ('Riko', 'Riko', 'Who Is She', None)
    """
    if quoted := _QUOTED.fullmatch(text.strip()):
        return next(name for name in quoted.groups() if name is not None)
    if not is_statement(name := wording.as_meant(text)):
        return name or None
    match hear(text):
        case [Heard(meaning="name", name=name)]:
            return name
        case [Heard(meaning="stranger")]:
            return name  # which is refused as such
        case _:
            return None


def name_alone(text: str) -> str | None:
    """The one name that is said with a few words around it, of nobody in particular: "it's Riko!", "**Riko**"."""
    match hear(text):
        case [Heard(number=None, meaning="name", name=name)]:
            return name
        case _:
            return None


def is_statement(name: str) -> bool:
    """Whether what was given as a name reads as something said: "Hana and 2 is Yuki", "not Riko", "yes"."""
    if wording.says_more(name) or STATED.match(name) or phrase(name) or "://" in name:
        return True
    heard = hear(name)
    return len(heard) != 1 or heard[0].number is not None or heard[0].meaning not in ("name", "unclear")


def _several(parts: list[str]) -> list[Heard]:
    """Subjects without a name share the next one's, as in "1, 2 and 3 are Riko"; the last ones have none."""
    heard: list[Heard] = []
    waiting: list[Which] = []
    before = ""
    for part in parts:
        subject, said = parting.parted(part)
        waiting.append(subject)
        if before and _SAME.fullmatch(said):
            said = before
        if said:
            before = said
            names = parting.LIST.split(said)  # "1 and 2 are Hana and Yuki"
            each = names if len(waiting) > 1 and len(names) == len(waiting) else [said] * len(waiting)
            heard += [one for which, name in zip(waiting, each, strict=True) for one in _of(which, name, stated=True)]
            waiting = []
    return heard + [Heard(subject, "who") for subject in waiting]


def _of(subject: Which | None, text: str, *, stated: bool) -> list[Heard]:
    """What a text says of a face, or of whichever faces it begins with."""
    if subject is None and phrase(text) is None:
        if match := _OF_NONE.fullmatch(text):
            return [Heard("all", "not", wording.closed((match["name"] or match["dare"]).strip(QUOTES)).strip(QUOTES))]
        if match := _OF_ALL.fullmatch(text):
            subject = which(match["which"])
            heard = _of(subject, match["said"].strip(), stated=True)
            if heard[0].meaning in ("right", "who"):
                return [Heard(None, heard[0].meaning)]
            # "everyone is happy" is talk: of all at once only what is surely a name is heard, or that they are none
            return heard if all(each.stated or each.meaning in _OF_EACH for each in heard) else _UNCLEAR
        if parting.numbered(text):
            subject, text = parting.parted(text)
            stated = True
            if not text:
                return [Heard(subject, "who")]
        elif re.fullmatch(WORDED, text, re.IGNORECASE) and (" " in text or not text.isascii()):
            return [Heard(which(text), "who")]
    if subject is not None and phrase(text) is None:
        text, _ = wording.opened(text, of=subject)
    said = _said(text, stated=stated, numbered=subject is not None)
    return said if subject is None else [replace(each, number=subject) for each in said]


def _said(text: str, *, stated: bool, numbered: bool) -> list[Heard]:
    """What is said of somebody, whoever they are."""
    if len(text) > _MOST_STATED:
        return _UNCLEAR
    if quoted := _QUOTED.fullmatch(text):
        return [_quoted(quoted, stated=stated)]
    text = wording.closed(text)
    if (meaning := phrase(text)) and not (meaning == "chat" and numbered and wording.written_like_a_name(text)):
        return [Heard(None, meaning)]
    text = wording.undecorated(text)
    if not any(map(str.isalnum, text)) and (not numbered or not text.strip("?？ ")):
        return [Heard(None, "chat")]  # an emoji; "2: ?"
    if match := _NOT.fullmatch(text):
        return _denied(match)
    told, outright = _without(STATED, text)
    if not outright:
        return _called(text, stated=stated, numbered=numbered)
    plural = wording.PLURAL.match(text) is not None
    told, _ = wording.opened(told, of=text)
    if quoted := _QUOTED.fullmatch(told):
        return [_quoted(quoted, stated=True)]
    if match := _NOT.fullmatch(told):
        return _denied(match)
    if plural and not wording.written_like_a_name(told) and phrase(told) is None:
        return _UNCLEAR  # "they're sisters"
    return _called(told, stated=not (plural and len(parting.LIST.split(told)) > 1), numbered=numbered)


def _called(text: str, *, stated: bool, numbered: bool) -> list[Heard]:
    """What a name says of somebody, with what may stand behind it."""
    if match := _RATHER_THAN.fullmatch(text):
        named, other = _named(match["name"], stated=stated, numbered=numbered), match["other"].strip(QUOTES)
        if named.meaning == "name" and wording.may_be_a_name(other):
            return [Heard(None, "not", other), named]
    if (match := _JUDGED.fullmatch(text)) and (verdict := phrase(match["verdict"])) in ("right", "who"):
        name = match["name"].strip(QUOTES)
        if wording.may_be_a_name(name):
            return [Heard(None, "name" if verdict == "right" else "not", name)]
    return [_named(text, stated=stated, numbered=numbered)]


def _asked(match: re.Match[str]) -> Heard:
    """Whether somebody is a certain character, asked by who may not know."""
    name = _TAG.sub("", wording.closed((match["name"] or match["dare"]).strip()).strip(QUOTES))
    subject = None if match["which"] is None else which(match["which"])
    if match["which"] is None and parting.numbered(name):
        subject, name = parting.parted(name)
    name, _ = _without(STATED, wording.opened(name)[0])
    name, _ = wording.opened(name)
    if not name:
        return Heard(subject, "chat")  # "2: ?"
    if phrase(name) or wording.says_more(name) or not wording.may_be_a_name(name):
        return Heard(subject, "unclear")
    return Heard(subject, "maybe", name)


def _quoted(match: re.Match[str], *, stated: bool) -> Heard:
    name = next(name for name in match.groups() if name is not None).strip()
    if not name or "\n" in name or len(parting.parts(name)) > 1:
        return Heard(None, "unclear")
    if is_own_word(name):
        return Heard(None, "stranger")
    return Heard(None, "name", name, stated and wording.written_like_a_name(name) and not wording.says_more(name))


def _named(text: str, *, stated: bool, numbered: bool) -> Heard:
    name, polite = wording.polite(text)
    name = wording.closed(name.strip(QUOTES)).strip(QUOTES)
    stated = stated or polite
    if match := _FROM.fullmatch(name):  # "Riko from Love Live"
        name, stated = match["name"], False
    if not name:
        return Heard(None, "who" if numbered else "unclear")
    if (meaning := phrase(name)) and not (meaning == "chat" and numbered):
        return Heard(None, meaning)
    if wording.says_more(name) or len(parting.parts(name)) > 1:
        return Heard(None, "unclear")
    if not numbered and not wording.written_like_a_name(name) and phrase(name.split()[0]) == "chat":
        return Heard(None, "unclear")  # "thanks mod"
    stated = stated and wording.written_like_a_name(name)
    return Heard(None, "name", name, stated) if stated or wording.may_be_a_name(name) else Heard(None, "unclear")


def _denied(match: re.Match[str]) -> list[Heard]:
    name = wording.closed((match["name"] or match["nihongo"]).strip(QUOTES + ",、")).strip(QUOTES)
    rather = match["rather"] or match["mushiro"]
    if not name or wording.says_more(name):
        return [Heard(None, "unclear")]
    if phrase(name) == "nobody":
        return [Heard(None, "nobody")]
    instead = _said(rather.strip(), stated=True, numbered=True) if rather else []
    if re.fullmatch(r"#?[1-9]\d?", name):  # "not 2"
        return [Heard(which(name), "who"), *instead]
    if wording.is_pointed_at(name):  # "not her": not who it is said to be
        return instead or [Heard(None, "who")]
    return [Heard(None, "not", name), *instead]


def _without(beginning: re.Pattern[str], text: str) -> tuple[str, bool]:
    match = beginning.match(text)
    return (text, False) if match is None else (text[match.end() :], True)
