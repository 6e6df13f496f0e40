"""Of which face somebody speaks: "2", "the second one", "the girl on the left", 「右から二番目の子」, "they all"."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

Which: TypeAlias = int | Literal["left", "middle", "right", "both", "all", "other", "rest", "picture"]
"""The number of a face, below zero counted from the last; or what tells it among all that an answer shows.

"picture": they counted pictures; which of those have faces is not what they see, so they are asked.
"""

_KANJI: Final = "一二三四五六七八九十"
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINALS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DIGITS = r"(?!0\d)\d{1,2}(?!\d)"  # "02" is a name
_MARK = r"(?:(?:face|number|person|char(?:acter)?|girl|boy|n[or]\.?|顔|キャラ)\s*#?\s*|#\s*)"
_PICTURE = r"(?:picture|pic|photo|image|img)"
_NOUN = r"(?:one|girl|boy|guy|woman|man|lady|char(?:acter|a)?|face|person|kid)"
_CHILD = r"(?:の(?:顔|子|人|方|ほう|キャラ|女の子|男の子))?"

NUMBER: Final = rf"{_MARK}?{_DIGITS}(?:番目?|つ目|人目)?{_CHILD}"
"""A number, to be followed by whatever parts it from a name, a space too."""

MARKED: Final = rf"(?:(?:face|顔)\s*#?\s*|#\s*){_DIGITS}"
"""A number that surely is a face's."""

_COUNTED = (
    rf"(?:{'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))(?:\s+{_NOUN})?(?:\s+from\s+(?:the\s+)?(?:left|right))?"
)
_PLACED = r"(?:far[- ])?(?:left|right|middle|cent(?:er|re))(?:[- ]?most|[- ]hand)?"
_OTHERS = rf"(?:other\s+{_NOUN}|others?|rest(?:\s+of\s+them)?)"
_PLACE = rf"(?:[{_KANJI}]|\d{{1,2}})(?:番目?|人目|つ目)"
WORDED: Final = (
    rf"(?:(?:the\s+)?(?:{_COUNTED}|{_PLACED}(?:\s+(?:{_NOUN}|side))?|{_OTHERS})"
    rf"|(?:the\s+)?(?:{_NOUN}\s+)?(?:on|to|at|in)\s+the\s+{_PLACED}(?:\s+side)?"
    rf"|(?:face|number)\s+(?:{'|'.join(_CARDINALS)})"
    rf"|(?:(?:in|on)\s+)?(?:the\s+)?(?:(?:{'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))\s+{_PICTURE}|{_PICTURE}\s*#?{_DIGITS})"
    rf"|\d{{1,2}}枚目{_CHILD}"
    rf"|(?:[左右]から)?{_PLACE}{_CHILD}|(?:一番)?[左右](?:側|端|手)?{_CHILD}|(?:真ん中|まんなか|中央|最初|最後){_CHILD}"
    r"|もう(?:一人|1人|片方)|(?:他|ほか|残り)(?:の(?:子|人|顔))?)"
)
"""Words that tell a face, where a sign follows that joins it with what is said: "right, Yuki" is about no place."""

_THESE = r"(?:them|these|those)"
_BOTH = (
    rf"(?:they(?:['’]?re|\s+are)\s+both|both(?:\s+of\s+{_THESE})?|the\s+two(?:\s+of\s+{_THESE})?"
    r"|どっちも|どちらも|両方(?:とも)?|[二2２]人とも)"
)
_EVERY = (
    r"(?:(?:they|these|those)(?:['’]?re|\s+are)\s+all"
    rf"|all(?:\s+(?:of\s+)?{_THESE}|\s+(?:the\s+)?faces|\s+(?:\d|{'|'.join(_CARDINALS)}))?"
    r"|everyone|everybody|every\s+(?:face|one)|全員|みんな|全部|全て|すべて|[三四五六七八九3-9]人とも)"
)
ALL: Final = rf"(?:{_BOTH}|{_EVERY})"
"""All faces; of two, both of them."""


def which(subject: str) -> Which:
    """The face that words tell which `NUMBER`, `WORDED` or `ALL` match.

    Examples
    --------
    >>> [which(subject) for subject in ("#2", "the second one", "girl on the left", "右から二番目の子", "both of them")]
    [2, 2, 'left', -2, 'both']
    """
    said = unicodedata.normalize("NFKC", subject).casefold().strip()
    if re.search(rf"\b{_PICTURE}\b|枚目", said):
        return "picture"
    if re.fullmatch(_BOTH, said):
        return "both"
    if re.fullmatch(_EVERY, said):
        return "all"
    if (count := _count(said)) is not None:
        from_right = re.search(r"from\s+(?:the\s+)?right|右から", said)
        return -count if from_right else count
    if re.search(r"\blast\b|最後", said):
        return -1
    if re.search(r"\bothers\b|\brest\b|他|ほか|残り", said):
        return "rest"
    if re.search(r"\bother\b|もう", said):
        return "other"
    if re.search(r"left|左", said):
        return "left"
    return "right" if re.search(r"right|右", said) else "middle"


def _count(said: str) -> int | None:
    if digits := re.search(r"\d+", said):
        return int(digits[0])
    if "最初" in said:
        return 1
    if number := re.search(rf"[{_KANJI}](?=番(?!左|右)|人目|つ目)", said):
        return _KANJI.index(number[0]) + 1
    for words in (_ORDINALS, _CARDINALS):
        for number, word in enumerate(words, start=1):
            # "the left one" is the one to the left, "number one" the first
            if re.search(rf"\b{word}\b" if words is _ORDINALS else rf"(?:face|number)\s+{word}\b", said):
                return number
    return None


def told(which: Which, numbers: Sequence[int], spoken_of: Sequence[int], *, pictures: int) -> list[int] | None:
    """The numbers of the faces that are meant; None where that cannot be told.

    Parameters
    ----------
    numbers
        Of all faces that may be meant, from left to right.
    spoken_of
        Those of which the same message speaks outright.
    pictures
        That these faces are in: to the left of several is nobody.
    """
    match which:
        case int():
            return [numbers[which]] if -len(numbers) <= which < 0 else [which]
        case "all":
            return list(numbers)
        case "both":
            return list(numbers) if len(numbers) == 2 else None
        case "rest":
            return [number for number in numbers if number not in spoken_of] or None
        case "other":
            others = [number for number in numbers if number not in spoken_of]
            return others if len(others) == 1 else None
        case "left" | "right" | "middle" if pictures == 1:
            place = {"left": 0, "middle": len(numbers) // 2, "right": -1}[which]
            return None if which == "middle" and len(numbers) % 2 == 0 else [numbers[place]]
        case _:
            return None
