"""Where in a message one statement ends and the next begins, and in a statement whom it is about."""

import re

from bot.correcting.whom import MARKED, NUMBER, WORDED, Which, which
from bot.correcting.wording import COPULA

# What joins a subject with its name without a doubt, and what may as well be part of a sentence.
_SURE = (
    rf"(?:\s*(?:\b{COPULA}\b|\b(?:is|are|was|were)n['’]?t\b|\bain['’]?t\b|['’]s\b|\b(?:es|ist|est|to|as)\b|это|[是éè]|[-=~]*>+|→|⇒|➡|[:=：＝は]+|って|が|[)）\]】])"
    r"|\s*[./|](?=\s)|\.(?=[^\W\d_])|\s[-–—](?=\s)|[-–—](?=(?-i:[A-Z])[^\W\d_]{2}|[ァ-ヶ一-龠]))"
)
_SIGN = rf"(?:{_SURE}|\s*[.,、。])"
_NUMBERED = re.compile(rf"(?P<which>{NUMBER})(?:(?P<sign>{_SIGN})\s*|\s+|$)(?P<said>.*)", re.IGNORECASE | re.DOTALL)
_WORDED = re.compile(rf"(?P<which>{WORDED})(?P<sign>{_SURE})\s*(?P<said>.*)", re.IGNORECASE | re.DOTALL)
_MARKED = (
    r"(?<!\bface)(?<!\bnumber)(?<!\bn[or])(?<!\bn[or]\.)(?<!\bperson)(?<!\bgirl)(?<!\bboy)(?<!\bchar)(?<!\bcharacter)"
    r"(?<!\bpicture)(?<!\bpic)(?<!\bphoto)(?<!\bimage)(?<!\bimg)(?<!顔)(?<!キャラ)"  # the number after it is theirs
)
_AND = r"(?:(?:and|but|while|&)\s+)?(?:(?:i\s+think|maybe|probably)\s+)?"
_SUBJECT = re.compile(
    # Behind another statement: anything that parts sentences, a space too, before a subject that surely has a name;
    rf"(?:^|{_MARKED}(?:\s*[\n;,、。/&+]\s*|(?<!\d)(?<!\.\w)\.\s*|\s+|(?<=\S)で\s*){_AND})"
    rf"(?P<sure>{NUMBER}(?={_SURE})|{MARKED}|{WORDED}(?={_SURE}))"
    # only what parts them without a doubt before any other number.
    rf"|(?:^|(?:\s*[\n;,、/&+]\s*|\s+and\s+)(?:(?:and|&)\s+)?)"
    rf"(?P<bare>{NUMBER}(?=\s+\S|$|\s*[\n;,、/&+と]|\s+and\b))"
    rf"|と(?P<mata>{NUMBER}(?=[はがと]|\s))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<![\w-])(\d{1,2})\s*(?:[-–~〜～]|\bto\b|\bthrough\b|から)\s*(\d{1,2})(?:番)?(?:まで)?(?=\s+are\b|\s*[:：=＝は]|\s+all\b|\s+(?-i:[A-Z]))",
    re.IGNORECASE,
)
_TOO = re.compile(r"(\d{1,2})(?:番|人目)?も[、\s]*(?=\d{1,2}(?:番|人目)?も)|(\d{1,2})(?:番|人目)?も(?=[^\d\s])")
LIST = re.compile(r"\s*[,、;/&・]\s*(?:and\s+)?|\s+and\s+|(?<=[ァ-ヶー])と(?=[ァ-ヶ])", re.IGNORECASE)


def listed(names: str) -> list[str]:
    """The names of a list; spaces part those that have no other use for them."""
    found = LIST.split(names)
    return found if len(found) > 1 or names.isascii() else names.split()


def begins_with_a_subject(text: str) -> bool:
    """Whether it is told first whom a text is about."""
    return (_NUMBERED.match(text) or _WORDED.match(text)) is not None


def counted(text: str) -> str:
    """A text with its ranges and its "too" as lists of numbers: "1-3 are Riko" as "1, 2, 3 are Riko"."""
    text = _RANGE.sub(_counted, text)
    return _TOO.sub(lambda match: f"{match[1]}と" if match[1] else f"{match[2]}は", text)


def _counted(match: re.Match[str]) -> str:
    """The numbers of a range, one by one; the text as it is, if it is none."""
    first, last = int(match[1]), int(match[2])
    return ", ".join(map(str, range(first, last + 1))) if first < last else match[0]


def parts(text: str) -> list[str]:
    """The statements of a text, each with its subject; the text as it is, if it is not made of such."""
    if not (subjects := list(_SUBJECT.finditer(text))):
        return [text]
    ends = [match.start() for match in subjects[1:]] + [len(text)]
    found = [text[match.start(match.lastgroup or 0) : end].strip() for match, end in zip(subjects, ends, strict=True)]
    whole = subjects[0].start() == 0 and all(numbered(part) for part in found)
    return found if whole else [text]


def numbered(part: str) -> re.Match[str] | None:
    """The whole of a statement that begins with whom it is about."""
    return _NUMBERED.fullmatch(part) or _WORDED.fullmatch(part)


def parted(statement: str) -> tuple[Which, str]:
    """Whom a statement is about, and what it says."""
    match = numbered(statement)
    assert match is not None
    said = match["said"].strip()
    if re.search(r"n['’]?t$", match["sign"] or "", re.IGNORECASE):
        said = f"not {said}"
    return which(match["which"]), said
