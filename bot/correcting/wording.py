"""How people word things: phrases that mean something whole, what stands around a name, and what looks like one."""

import re
import unicodedata
from typing import Final, Literal, TypeAlias

from bot.correcting.talk import phrases as talk_phrases
from bot.correcting.whom import NUMBER
from ml.naming.names import OWN_WORDS

Meaning: TypeAlias = Literal[
    "name", "not", "maybe", "nobody", "stranger", "right", "who", "undo", "chat", "how", "unclear"
]

MOST_WORDS: Final = 3  # of what is not written like a name; more is talk
MOST_LETTERS: Final = 30
_MOST_WORDS_OF_A_NAME: Final = 6

QUOTES: Final = "\"'`“”„‘’‚「」『』«»‹› *_~|"  # and what Discord makes bold, slanted or hidden
TRAILING: Final = ".!。！,、…~ "
# Signs at the end that belong to the name: C.C., K-ON!
_ENDS_SO = re.compile(r"(?:\w\.){2,}|(?=[^a-z]*[-\d])[A-Z\d][A-Z\d-]+!+")

_MEANINGS: Final[dict[Meaning, str]] = {
    "nobody": "🚫|not a face|no face|nobody|nothing|no one|a face|顔|顔なし",
    "right": "✅|⭕|yes|yes please|sure|go ahead|yep|yeah|yup|right|correct|true|exactly|it is|all right"
    "|that's right|thats right"
    "|everything is right|that's correct|thats correct|that's her|that's him|that's the one"
    "|はい|うん|そう|正解|合ってる|合ってます|合ってるよ|あってる|あってます|あってるよ|大正解|正しい|その通り",
    "stranger": "|".join(OWN_WORDS).casefold() + "|oc|an oc|my oc|original character|an original character"
    "|オリキャラ|自キャラ|うちの子|モブ|モブキャラ",
    "who": "❌|no|no thanks|no thank you|nope|nah|wrong|incorrect|false|that's wrong|thats wrong|someone else"
    "|somebody else|none"
    "|everything is wrong|all are wrong|they are all wrong|全部違う|全部間違い|全員違う"
    "|none of these|neither|swapped|switched|reversed|mixed up|the other way round|the other way around"
    "|いいえ|いや|違う|ちがう|違うよ|違います|ちがいます|不正解|間違い|間違ってる|別人|逆|逆です",
    "undo": "undo|undo all|undo everything|undo that|undo it|scratch that|nvm|revert|revert that"
    "|take back|take it back|take that back|cancel|never mind|nevermind|取り消し|取消|取り消す"
    "|全部取り消し|今のなし|取り消して|取り消してください|とりけし|キャンセル|やっぱりなし|元に戻して",
    "how": "help|how|how?|usage|ヘルプ|使い方",
}
_PHRASES: Final[dict[str, Meaning]] = {
    **dict.fromkeys(talk_phrases(), "chat"),
    **{phrase: meaning for meaning, phrases in _MEANINGS.items() for phrase in phrases.split("|")},
}
_DRAWN_OUT = re.compile(r"(.)\1{2,}")  # "nooo", "omggg"

_GAP = r"(?:[,.!:、。！…\s]+)(?=\S)"
_EAGER = (
    r"(?:no(?!\s+one\b)|nope|nah|wrong|incorrect|false|(?:correct(?:ion|ed)?|edit|answer)(?=\s*:)|@\S+"
    r"|(?:hey |hi |dear )?(?:bot|koredare)|well|oh|ah|um+|uh+|hmm*|hey|yes|yeah|yep|yup|ok|okay|sorry|oops|wait|lol|btw"
    r"|fyi|but|and|so|actually|really|definitely|obviously|clearly|certainly|surely|probably|maybe|perhaps|likely|also"
    r"|only|just|still|simply|this time|of course|in fact|for sure|supposed to be|called|named|spelled|written|you mean"
    r"|i would say|i['’]?d say|i (?:think|believe|guess|meant?|say|know)"
    r"|(?:i['’]?m |i am )?(?:pretty |quite |very |fairly |almost )?(?:sure|certain)(?: that)?"
    r"|(?:[Mm]y|his|her|their|our|a friend['’]s|an?) (?:[Oo][Cc]|original character)(?: (?:called|named))?)"
)
_EAGER_JA = (
    r"(?:いや|やっぱり?|やはり|いえ|いいえ|違う(?:よ|ね|って)?|ちがう(?:よ|ね)?|違います(?:よ)?|ちがいます(?:よ)?|たぶん|多分|おそらく"
    r"|きっと|絶対(?:に)?|ごめん|すみません|えっと|あ|すごい|ありがとう(?:ございます)?|なるほど|実は|本当は|正しくは"
    r"|正解は|答えは|うちの子の|オリキャラの)"
)
_CHANGE = r"(?:please\s+)?(?:change|rename|set|make|mark|label|tag|fix|correct)\s+"
_BEFORE = re.compile(
    rf"{_EAGER}{_GAP}|{_CHANGE}(?={NUMBER}\b)|(?:right|thanks|thank you|nice|great|good|cool|wow)[,.!]+\s*(?=\S)"
    rf"|(?:{_EAGER_JA})(?:[、。！,\s]+(?=\S)|(?=[ァ-ヶ一-龠A-Za-z0-9]))",
    re.IGNORECASE,
)
_BEFORE_A_NAME = re.compile(rf"{_EAGER}{_GAP}|(?:{_EAGER_JA})(?:[、。！,\s]+(?=\S))")  # "2 is No Name" is none
_VERB = r"(?:should|must|might|may|could|can|would|has|have)(?:\s+(?:to|only))?\s+be"
COPULA: Final = rf"(?:is|are|was|were|{_VERB}|looks?\s+(?:just\s+|a lot\s+)?like|seems?\s+(?:like|to\s+be))"
"""A verb that joins somebody with a name."""

_AFTER = re.compile(
    r"(?:[\s,;.…、]+(?:i (?:think|believe|guess|mean)|(?:but )?(?:i['’]?m )?not (?:so |very |really |too |100 ?% )?sure"
    r"|imo|lol|lmao|rofl|xd|haha+|hehe+|ww+|pls|please|plz|thanks"
    r"|thank you|thx|ty|obviously|clearly|definitely|for sure|of course|actually|probably|maybe|though|tho|btw|bro|dude"
    r"|again|instead|here|at all|respectively|[:;=x8]['’]?-?[)(dpo3]+|<3+|\^+_*\^+|t_t))+"
    r"|[、。！\s]+(?:ありがとう(?:ございます)?|すごい)|[\s]*(?:[（(]?笑[)）]?|(?<=[ぁ-ヶー一-龠])[wｗ]+)",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"^(?:[\U0001F300-\U0001F64F\U0001F900-\U0001FAFF✨★☆♡❤\uFE0F\u200D]+\s*)+(?=\w)")
_POINTED_AT = re.compile(r"her|him|them|it|that|this|so|right|correct|true|(?:that|this) (?:one|girl|boy|person)")
_DECORATED = re.compile(r"\s*[\U0001F000-\U0001FAFF\u2700-\u27BF\u2639-\u263A\uFE0F\u200D]+")

_NOBODY = r"(?!(?:no|not|none|neither|nobody)\b)"
_NOUN = (
    r"(?:girl|boy|guy|woman|man|lady|kid|char(?:acter|a)?|one|person|face|blonde?|brunette|redhead|name|answer)"
    r"(?:\s+(?:with|in|on|at|of|wearing|holding|who|here)\b(?:\s+[\w'’-]+){0,5}?)?"
)
SOMEBODY: Final = rf"{_NOBODY}(?:(?:the|this|that|her|his|their)\s+)?(?:[\w'’-]+\s+){{0,3}}?{_NOUN}"
_IT = r"(?:it|that|this|she|he|these|those|they)"
_IT_JA = (
    r"(?:これ|それ|こちら|こっち|こいつ|この[子人顔]|その[子人]|この(?:女の子|男の子|キャラ)|彼女|彼"
    r"|(?:(?:この子|彼女|彼|キャラ)の)?名前)"
)
STATED: Final = re.compile(
    rf"(?:{_IT}(?:['’]?(?:s|re)|\s+{COPULA})|is|{_VERB}|looks\s+like|{SOMEBODY}(?:['’]s|\s+{COPULA}|\s*:)"
    r"|name\s*[:=])\s+(?=\S)"
    r"|(?:c['’]est|das\s+ist|dies\s+ist|(?:esta?o?\s+|ella\s+)?es)\s+(?=\S)|(?:это|这是|她是)\s*(?=\S)"
    rf"|(?:{_IT_JA}|[^\s、。は]{{1,12}}?[のいなた](?:女の|男の)?(?:子|人|キャラ))(?:は|が|って)\s*(?=\S)"
    rf"|{_IT_JA}\s*(?=[ァ-ヶ]|(?-i:[A-Z]))|(?:[-=~]*>+|→|⇒|[=:])\s*(?=\S)",
    re.IGNORECASE,
)
"""How a statement begins that says of somebody not numbered who they are."""

PLURAL: Final = re.compile(r"(?:they|these|those)\b", re.IGNORECASE)
_POLITE = re.compile(
    r"(?:っぽい(?:です)?|みたい(?:です|だ)?|に見え(?:る|ます)|だと(?:思います|思う)|と(?:思います|思う)|ですよ|ですね|です|でした|だよ|だね|だな|っす|でしょう?|だろう?|じゃん"
    r"|(?<=[ァ-ヶー一-龠A-Za-z])(?:だ|かも|かな))$"
)
_PARTICLES: Final = re.compile(
    r"of|the|and|&|de|del|della|di|da|du|la|le|las|los|van|von|der|den|zu|zur|to|no|ni|wa|ga|wo|o|e|y|el|al|bin|ibn|an?|vs"
)
_FUNCTION_WORDS: Final = re.compile(
    r"i|you|we|he|she|they|me|him|them|us|my|your|his|her|their|our|it|is|am|be|been|this|that|these|those|what|who|why"
    r"|how|where|when|which|so|very|too|much|like|love|want|need|have|has|had|do|does|did|can|could|would|should|not|with"
    r"|for|from|about|really|just|please|looks?|looking|good|bad|best|nice|if|then|because|bot"
)
_PARTED = re.compile(r"[,，、;；<>@~=→↔|\"]|\s/\s|[!！。](?=.)")
_INSIDE = re.compile(
    rf"\b(?:is|are)\b|\n|(?:^|\s|[,、。でと]){NUMBER}(?:\s*(?:\b(?:is|are)\b|[:=：＝はが]))|\s#\d|\s\d{{1,2}}\s+\S",
    re.IGNORECASE,
)


def phrase(text: str) -> Meaning | None:
    """What a text means that is one of the phrases that are no names; None: it is none of them."""
    said = folded(unpunctuated(text))
    if said not in _PHRASES and _DRAWN_OUT.sub(r"\1", said) in _PHRASES:
        return "chat"
    return _PHRASES.get(said)


_AGREED: Final = re.compile(
    r"o?k|okay|ok sure|(?:that['’]?s )?fine(?: by me)?|i agree|agreed|you (?:may|can)|of course|do it|go for it"
    r"|no problem|i don['’]?t mind|いいよ|どうぞ|オッケー|構いません|もちろん"  # 「大丈夫です」 may be either
)
_DECLINED: Final = re.compile(
    r"never|(?:please )?(?:don['’]?t|do not)(?: do that)?|i['’]?d rather not|rather not|stop|i (?:don['’]?t |dis)agree"
    r"|ダメ|だめ(?:です)?|駄目|やめて(?:ください)?|嫌(?:です)?|いやです|お断りします"
)


def agrees(text: str) -> bool | None:
    """Whether somebody who was asked whether they agree does; None: they say neither yes nor no."""
    said = folded(unpunctuated(text))
    if _AGREED.fullmatch(said) or _DECLINED.fullmatch(said):
        return _DECLINED.fullmatch(said) is None
    return {"right": True, "who": False}.get(phrases(text) or "")


_GAPS = re.compile(r"[,.!、。！\n]+\s*")
_SCORE = re.compile(r"\d{1,3}(?:[.,]\d)?\s*(?:/|out\s+of)\s*100?\b.{0,20}", re.IGNORECASE)


def phrases(text: str) -> Meaning | None:
    """What a text means that is made of such phrases alone, "yes, thanks!": what is more than talk."""
    if _SCORE.fullmatch(text):
        return "chat"
    meant: list[Meaning | None] = [phrase(each) for each in _GAPS.split(text) if each.strip()]
    if not meant or None in meant:
        return None
    for each in meant:
        if each != "chat":
            return each
    return "chat"


def folded(text: str) -> str:
    """A text as phrases are compared."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'").strip(QUOTES)


_KEYCAPS = re.compile(r"([0-9])\uFE0F?\u20E3")
_CIRCLED: Final = {ord("①") + n: f" #{n + 1} " for n in range(20)} | {ord("❶") + n: f" #{n + 1} " for n in range(10)}
_STRUCK = re.compile(r"~~.+?~~")
_MENTION = re.compile(r"<(?:[@#:]|a:|t:|/|id:)[^<>\n]*>|@(?:everyone|here)\b")
_LINKED = re.compile(r"\[([^\[\]\n]+)\]\(<?https?://[^()\s]*\)")
_EMPHASISED = re.compile(r"(?<![\w*_|`])(\*\*\*|\*\*|\*|___|__|_|\|\||``|`)(?=\S)([^*_|`\n]*[^*_|`\s])\1(?![\w*_|`])")
_LISTED = re.compile(r"\b(?:faces|numbers)\s+(?=#?\d)", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\S)(\d{1,2})\s+(?=\d{1,2}(?:\s+\d{1,2}){0,30}\s*(?:are\b|[:=：＝は]))", re.IGNORECASE)
_BRACKETED = re.compile(r"(?<!\S)[(\[（【](?:#\s*)?(\d{1,2})[)\]）】]")
_VERBLESS = re.compile(r"\b((?:the\s+)?(?:others|rest))\s+(?=(?:right|correct|wrong|ok|fine|good)\b)", re.IGNORECASE)
_BULLET = re.compile(r"^[-*•・]\s*(?=[#＃\d])", re.MULTILINE)
_GLUED = re.compile(
    r"(?<![^\s,;、。])(\d{1,2})(?:番目?|人目)?(?:だけ|のみ)?(?=[ァ-ヶ違]|ちが|正解|合って|あって)|(?<![^\s,;、。])(左|右|真ん中)(?=[ァ-ヶ])"
)
_RUN_ON = re.compile(r"(?<=[ァ-ヶー])(?=(?:左|右|真ん中)[ァ-ヶ])")  # 「左ハナ右マキ」
_STUCK = re.compile(r"(?<![^\s,;])(\d{1,2})(?=(?:is|are)\b)", re.IGNORECASE)  # "1is Hana"


def as_meant(text: str) -> str:
    """What a message says: without what is quoted, struck out or addressed to others, and how it looks; single spaces.

    Numbers are digits: 1️⃣ and ① too. Runs of spaces are gone, on which searching would spend minutes.
    """
    lines = (" ".join(line.split()) for line in text.splitlines() if not line.lstrip().startswith(("> ", ">>> ")))
    text = "\n".join(line for line in lines if line)
    text = _VERBLESS.sub(r"\1 are ", text)
    text = _LINKED.sub(r"\1", _MENTION.sub(" ", _STRUCK.sub(" ", text)))
    text = _KEYCAPS.sub(r" #\1 ", text.replace("🔟", " #10 ")).translate(_CIRCLED)
    text = _BRACKETED.sub(r"#\1 ", _EMPHASISED.sub(r"\2", text))
    text = _SPACED.sub(
        r"\1, ", _LISTED.sub("", _GLUED.sub(r"\1\2は", _RUN_ON.sub("、", _BULLET.sub("", _STUCK.sub(r"\1 ", text)))))
    )
    return "\n".join(line for each in text.splitlines() if (line := " ".join(each.split())))


def opened(text: str, *, of: object = None) -> tuple[str, bool]:
    """A text without the words that people begin with, "no, I think…"; and whether there were such.

    `of`: what it is said of, where that came before: then only what is surely no part of a name.
    """
    begun = False
    before = _BEFORE if of is None else _BEFORE_A_NAME
    while (match := before.match(text)) is not None:
        text, begun = text[match.end() :], True
    return text, begun


def closed(text: str) -> str:
    """A text without what people end with: "I think", "lol", ":)", an emoji; a text of nothing else stays."""
    while (match := _last(_AFTER, text) or _last(_DECORATED, text)) is not None and match.start() > 0:
        text = text[: match.start()]
    return unpunctuated(text)


def undecorated(text: str) -> str:
    """A text without the emoji before it, but for those that judge."""
    return _DECORATION.sub("", text)


def is_pointed_at(name: str) -> bool:
    """Whether it means whom the answer names: "not her", "not that"."""
    return _POINTED_AT.fullmatch(name.casefold()) is not None


def _last(end: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((match for match in end.finditer(text) if match.end() == len(text)), None)


def polite(text: str) -> tuple[str, bool]:
    """A text without the verb that ends a Japanese sentence; and whether there was one."""
    match = _POLITE.search(text)
    return (text, False) if match is None or match.start() == 0 else (text[: match.start()], True)


def unpunctuated(text: str) -> str:
    """Without what ends a sentence, unless the name itself ends so."""
    last = text.rsplit(maxsplit=1)[-1].strip(QUOTES) if text.split() else ""
    return text.strip() if _ENDS_SO.fullmatch(last) else text.strip().rstrip(TRAILING)


def says_more(text: str) -> bool:
    """Whether a text that might be a name holds a statement: "Hana and 2 is Yuki"."""
    return _INSIDE.search(text) is not None


def written_like_a_name(text: str) -> bool:
    """Whether it is surely written like one: each word begins with a capital, or with a letter that has none.

    Small words may stand between; adjectives in Japanese end in hiragana, and some nouns mean anybody.
    """
    words = text.split()
    if (
        not words
        or talk(text)
        or _ANYBODY.fullmatch(text)
        or _FUNCTION_WORDS.fullmatch(text.casefold())
        or len(words) > _MOST_WORDS_OF_A_NAME
        or _PARTED.search(text)
    ):
        return False
    hiragana = "\u3041" <= text[-1] <= "\u309f"
    whole = not _PARTICLES.fullmatch(words[-1].casefold()) or len(words) == 1
    return (
        _lettered(text)
        and any(map(str.isalpha, text))
        and whole
        and not hiragana
        and not text[0].islower()
        and all(map(_capital, words))
    )


_ANYBODY: Final = re.compile(
    r"(?:(?:同じ|別の|違う|.+の)(?:人|子|女|男|女の子|男の子|妹|姉|母|父|娘|息子|嫁|友達|友人|キャラ|顔|誰か))"
    r"|[男女人神嫁妹姉母父娘敵猫犬僕俺私]|男の[子人]|女の[子人]|同一人物|別人|自分|本人|友達|双子|姉妹|兄弟|息子|推し|天使|女神|美人|美少女"
    r"|少女|少年|子供|主人公|ヒロイン|先生|先輩|後輩|人間|人形|ぬいぐるみ|ロボット|ポスター|最高|天才"
)


def _capital(word: str) -> bool:
    bare = word.strip("()（）[]'’.!-&")
    return _PARTICLES.fullmatch(word.casefold()) is not None or not bare[:1].islower() or bare != bare.lower()


def _lettered(text: str) -> bool:
    """Whether it begins as names do, and is more than a number of one digit."""
    return text.lstrip("([（「『'.")[:1].isalnum() and (
        any(map(str.isalpha, text)) or (text.isdigit() and len(text) > 1)
    )


_ADDED: Final = re.compile(r"(?<=\w)\s*[(（\[][^()（）\[\]]+[)）\]]$")


def may_be_a_name(text: str) -> bool:
    """Whether it may be one at all, so that one may ask; "I like her" is not."""
    if written_like_a_name(text):
        return True
    words = _ADDED.sub("", text).split()  # "Saber (Fate/stay night)"
    if talk(text) or not _lettered(text) or re.search(r"[誰何]|なに|どこ|^[こそ](?:れ|の[子人])", text):
        return False
    if all(map(_capital, words)) and len(words) <= 2 * _MOST_WORDS_OF_A_NAME and text[-1:].isalnum():
        return True  # "Hana, Queen of the Night"
    if len(words) > MOST_WORDS or len(text) > MOST_LETTERS:
        return False
    small = [word for word in words if not _capital(word)]
    # "Wow nice picture", "love your art": sentences
    return not (small and len(words) >= MOST_WORDS and len(small) < len(words)) and not any(
        _FUNCTION_WORDS.fullmatch(re.sub(r"['’].*", "", word.casefold()).strip(TRAILING)) for word in small
    )


def talk(text: str) -> bool:
    """Whether no name looks like that: several lines, an address, a command, a question."""
    return (
        "\n" in text or re.search(r"(?<!\S)[!！/]\w", text) is not None or "://" in text or text.endswith(("?", "？"))
    )
