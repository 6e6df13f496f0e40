"""What people say below pictures to each other that could be names by its looks: words and short phrases, folded."""

from typing import Final

_ENGLISH: Final = """
thanks; thank you; please; thx; ty; nice; good bot; bad bot; good; great; wow; cool; lol; lmao; rofl; haha; hehe
ok; okay; k; omg; same; cute; so cute; too cute; pretty; beautiful; adorable; based; amazing; awesome; perfect
good job; well done; love it; love this; best girl; waifu; mood; real; true that; idk; i don't know; i dont know
dunno; no idea; not sure; no clue; interesting; hi; hello; hm; hmm; eh; hey; bruh; damn; what; who; why; where
source; sauce; skip; pass; n/a; both; all; them; first; last; hilarious; funny; gorgeous; stunning; lovely
sweet; wtf; wth; bro; dude; no way; no cap; fr; frfr; big mood; iconic; queen; king; slay; wife; my wife; peak
peak fiction; goated; goat; spot on; close enough; almost; close; impressive; insane; crazy; wild; sus; cringe
rip; oof; yikes; sheesh; hot; mine; mine now; tbh; facts; agreed; chef's kiss; anime name; familiar; ai; ai art
ai slop; sure jan; sure buddy; whatever; fine; meh; mid; trash; ew; gross; test; testing; ping; pong; bye; gn
gm; happy birthday; congrats; arigato; sorry; oops; wrong pic; wrong channel; wrong picture; deleted; edited
wait; huh; see; yay; yeppers; see above; pinned; spoiler; spoilers; nsfw; sfw; repost; old; new; update; bump
up; second; everyone; someone; somebody; anyone; nobody knows; secret; guess; a guess; maybe; probably; possibly
definitely; certainly; of course; duh; obviously; cannot tell; blurry; low quality; wallpaper; new wallpaper
saved; stolen; yoink; art; fanart; fake; weird; strange; creepy; scary; sad; happy; boring; tired; drunk; asleep
dead; alive; legend; legendary; genius; goals; relatable; accurate; hype; fire; lit; thicc; sexy; lewd; horny
down bad; bonk; simp; respect; fantastic; wonderful; excellent; brilliant; incredible; unreal; lovely art
nice art; great art; cool art; bot; anime; manga; meme; girl; boy; woman; man; eww
yess; noo; yesss
"""
_JAPANESE: Final = """
ありがとう; ありがとうございます; ありがと; どうも; さんきゅー; すごい; すご; さすが; おお; 草; w; ww; www; 笑
爆笑; なるほど; かわいい; 可愛い; かわいいな; 可愛すぎる; かわいすぎる; 尊い; 尊すぎ; 好き; 大好き; 好き好き
最高; 最強; 優勝; 完璧; 了解; おつ; 乙; お疲れ; お疲れ様; いいね; わからない; 分からない; わからん; 知らない
知らん; 知らんけど; 誰; だれ; 誰これ; これ誰; この子誰; 本当; ほんと; ほんとだ; まじ; マジ; マジか; マジで; ガチ
え; えっ; やばい; ヤバい; ヤバ; うける; わかる; それな; たしかに; 確かに; 綺麗; きれい; 素敵; すてき; 美しい
可憐; かっこいい; イケメン; 天才; 神; 神絵; 神作画; 上手; 上手い; 見事; 優秀; 秀逸; 感動; 感謝; 感激; 納得; 同意
賛成; 残念; 無理; 余裕; 意外; 当然; 普通; 不思議; 微妙; 謎; 惜しい; おしい; 近い; 違くね; ちゃう; ちゃうよ
せやな; 勝った; 負けた; なつかしい; 懐かしい; おはよう; おやすみ; ナイス; グッジョブ; うますぎ; 名前; 名前は
作者; 作者は; 絵師; 絵師さん誰; 原作; 声優; アニメ; アニメ名; アニメ名は; 何のアニメ; 漫画; 映画; 作品; イラスト
画像; 壁紙; 保存; 保存した; いただき; テスト; 結婚して; 俺の嫁; 嫁; 推し; 推せる; 推しが尊い; 天使; 女神; 美人
美少女; エモい; エロ; セクシー; キュート; クール; ベスト; パーフェクト; ロリ; ギャル; メイド; アイドル; ヒロイン
ヤンデレ; ツンデレ; オタク; ワロタ; 最悪; 変態; 心配; 期待; 楽しみ; 正論
"""


def phrases() -> frozenset[str]:
    """All of them."""
    lines = f"{_ENGLISH}\n{_JAPANESE}".strip().splitlines()
    return frozenset(each.strip() for line in lines for each in line.split(";") if each.strip())
