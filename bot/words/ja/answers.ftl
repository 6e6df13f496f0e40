# 答え：顔ごとに一行
answer-sure = { $name } · ほぼ確実 · { $percent }%
answer-probable = { $name } · おそらく · { $percent }%
answer-doubtful = { $name } · もしかすると · { $percent }%
answer-runner-up = { $guess }（または { $name }、{ $percent }%）
answer-learned = { $guess } · 画像{ $pictures }枚から覚えたばかりで、まだ確かめていません
answer-stranger = 知らない人です
answer-stranger-closest = 知らない人です（いちばん近いのは { $name }、{ $percent }%）
answer-strangers = **{ $first }**～**{ $last }**：みんな知らない人です（どの顔が何番かは、画像への返信で `{ $prefix }whois` すると分かります）
answer-question = もしかして { $name } ですか？ · { $percent }%
answer-poor = 小さすぎるか、ぼやけていて分かりません
answer-not-a-face = 顔ではない
answer-settled-by-moderator = { $who } ✔ モデレーターが確認
answer-settled-by-members = { $who } ✔ みなさんの意見が一致
answer-settled-by-you = { $who } ✔ あなたが確認
answer-said = { $guess } — { $said }
answer-says = { $people }人が「{ $who }」
answer-says-in-vain = { $people }人が「{ $who }」（うち{ $idle }人は数えません）
answer-says-not = { $people }人が「{ $who }ではない」
answer-more = …ほか{ $count }件

# 画像の説明文
answer-alt = 左からの顔：{ $faces }
answer-alt-face = { $number }：{ $name }
answer-alt-question = { $number }：もしかして { $name }
answer-alt-stranger = { $number }：知らない人

# 答えの下に添える文
answer-more-faces = 一枚で見られるより多くの顔があります。ほかの顔は、その部分だけを切り取って送ってください。
answer-looked-at = { $posted }枚の画像のうち、最初の{ $looked }枚を見ました。
answer-animated = 動く画像は、最初の1コマだけで判断しました。
answer-too-large = 名前を書き込んだ画像は大きすぎて、このサーバーには投稿できませんでした。
answer-damaged = { $damaged ->
    [active] どのバージョンが答えるかの記録
   *[other] { $whose ->
        [everyone] 全サーバー共有の { $damaged }
       *[own] { $damaged }
    }
} が壊れています。モデレーターが `{ $prefix }retrain` するまで、{ $instead ->
    [nobody] どの顔にも名前は付きません
   *[other] { $theirs ->
        [everyone] 全サーバー共有の { $instead }
       *[own] { $instead }
    } が答えます
}。

# 答えるまでに、または答えの代わりに
answer-waits = 画像が順番待ちです。あと{ $minutes ->
    [0] { $seconds }秒
   *[other] { $minutes }分
}ほどで答えます。
answer-no-face = アニメの顔が見つかりませんでした。正面を向いた、幅30ピクセル以上の顔だと見つけやすくなります。写真よりもイラストやスクリーンショットが得意です。
answer-no-picture = どの画像でしょうか？画像を添付するか、画像のあるメッセージへの返信で聞いてください。
answer-other-files = 見られるのは画像だけです（JPEG、PNG、WebP、GIF、AVIF、HEIC）。動画や文書の場合は、スクリーンショットを添付してください。
answer-only-a-link = リンク先の画像は見られません。画像を保存して、添付してください。
answer-my-own = それは私の答えです。元の画像への返信で聞くか、答えの下の「訂正する…」を押してください。
answer-forgotten = その答えはもう覚えていません。画像をもう一度投稿してください。
answer-hint = こんにちは！画像を付けて、または画像への返信で私をメンションすると、誰が写っているかお答えします。
