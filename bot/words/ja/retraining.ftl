# 再学習の結果
retraining-progress = 再学習中：{ $stage ->
    [waiting] 別の再学習が終わるのを待っています
    [starting] 準備しています
    [embedding] 保存した顔を新しいモデルで見直しています
    [training] 学習しています
   *[measuring] 前のバージョンと比べています
}… { $bar }
retraining-below = この再学習は終わりました。結果は下にあります。
retraining-stopped = 私が止められたため、再学習も中止しました。これまでのバージョンのままです。もう一度 `retrain` してください。

# まず新しいこと、次に誰がよくなったか悪くなったか、それから何が役に立つか
report-new = { $names } が分かるようになりました。
report-nobody-new = 新しい人はいません。前より確かになった人は { $better } 人、不確かになった人は { $worse } 人です。
report-nothing-new = 新しい人はいません。前よりよくなった人も、悪くなった人もいません。
report-kept = 新しいバージョンは前より悪くなるため、これまでの知識のままにします。
report-and = { $others }、{ $last }
report-more = ほか { $count } 人
report-better = 前より確か：{ $who }。
report-worse = 前より不確か：{ $who }。
report-would-be-worse = 不確かになるところだった人：{ $who }。
report-moved = { $name }（{ $rate }）
report-dropped = もう分からなくなった名前：{ $names }。
report-helps-next = 一番役に立つのは { $name } の画像あと { $more } 枚です（今は { $faces } 枚）。
report-suspects = 学習に使った顔のうち { $faces } 件が間違っていそうです。モデレーターは `{ $command }` で確認できます。

# どのバージョンが答えるか、なぜか
retrained-published = { $version } として公開しました。
retrained-overridden = 基準は満たしていませんが、{ $version } として公開しました。
retrained-kept = { $whose ->
    [nobody] これまでのバージョン
    [everyone] 全サーバー共有のもの
   *[own] これまでの { $version }
}のままです。
retrained-go-back = 元に戻すには `{ $command }` を使ってください。
retrained-override = それでも公開するには `{ $command }` を使ってください。
retrained-too-few = { $faces ->
    [0] テスト用の顔がまだなく
   *[other] テスト用の顔が { $faces } 件しかなく
}、よくなったかどうかはまだ言えません（{ $enough } 件あれば分かります）。
retrained-naming-worse = 新しいバージョンは、テスト用の顔 { $faces } 件のうち、正しく名前を言えるものが { $fewer } 件減ります。
retrained-strangers-worse = 新しいバージョンは、知らない人に名前を付けてしまうことが、{ $faces } 件中 { $more } 件増えます。
report-tally = 名前が確かな顔は { $faces } 件です。キャラクター { $characters } 人を { $learned } 件から学び、{ $held_out ->
    [0] テスト用に取り分けたものはまだありません
   *[other] { $held_out } 件はテスト用に取り分けてあります
}{ $repeated ->
    [0] { "" }
   *[other] 。{ $repeated } 件は同じキャラクターのほかの顔とそっくりなので除きました
}{ $unwanted ->
    [0] { "" }
   *[other] 。{ $unwanted } 件は学習しない設定のここに投稿されたものです
}{ $stale ->
    [0] { "" }
   *[other] 。{ $stale } 件は今のモデルで読み直せませんでした
}。

# 数値：ファイルとコマンドラインで
report-learned = { $characters ->
   *[other] { $characters } 人
}のキャラクターを、{ $faces ->
   *[other] { $faces } 件
}の顔から学びました。
report-named = テスト用の顔で正しく名前を言えた割合：{ $rate }。
report-named-but = テスト用の顔で正しく名前を言えた割合：{ $rate }（ほかに { $waiting ->
   *[other] { $waiting } 件
}が、メンバーの意見と食い違うため、モデレーターの判断を待っています）。
report-strangers = 知らない人を「知らない」と言えた割合：{ $rate }。
report-look-alikes = テスト用の顔を、その名前を知らなかったとして「知らない」と言えた割合：{ $rate }。
report-step = 画像が { $few } 枚から { $many } 枚に増えると、最有力の名前が合う割合は { $before }% から { $after }% になりました（{ $characters } 人のテスト用の顔 { $measured } 件で測定）。
report-suspects-pair = 間違っていそう：{ $name } のうち { $faces } 件が { $other } 似。
report-character = { $name }（{ $facts }）：{ $rate }
report-character-faces = 顔 { $faces } 件から
report-character-was = 旧名 { $name }
report-character-new = 新しい
report-character-added = { $faces } 件増
report-character-gone = { $faces } 件減

rate-first = { $total } 件中 { $share }%（{ $low }～{ $high }%）
rate-alone = { $total } 件中 { $share }%
rate-changed = { $total } 件中 { $before }% → { $share }%
rate-few = { $total } 件中 { $right } 件
rate-few-changed = { $total } 件中 { $before } → { $right } 件
rate-same = { $rate }（どの顔も前と同じ）
rate-moved = { $rate }（増 { $gained }、減 { $lost }）
rate-compared = { $rate }（変化は { $down }～{ $up } ポイント、増 { $gained }、減 { $lost }{ $chance ->
    [sure] 、偶然とは言えません、p = { $p }
    [maybe] 、偶然かもしれません、p = { $p }
   *[no] { "" }
}）
rate-none = 測れるものがありません
rate-none-yet = テスト用の顔はまだありません

changes-alt = グラフ。{ $lines }
changes-alt-named = テスト用の顔すべて：{ $rate }
changes-alt-strangers = 知らない人を「知らない」と言えた割合：{ $rate }
changes-alt-character = { $name }：{ $rate }
