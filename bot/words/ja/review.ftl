# 見直し：名前が分かるといちばん勉強になる顔
review-strangers = **知らないキャラクター：** この{ $faces }つの顔はよく似ていて、どれも私の知らない人です。誰でしょうか？
review-alike = **よく似た顔：** この{ $faces }つの顔はよく似ています。{ $who }、誰でしょうか？
review-singles = これは誰でしょうか？下のメニューから顔を選んでください。
review-line = **{ $number }** { $why } · [画像]({ $link })
review-pictures = 画像：{ $links }
review-left = このあと、質問があと{ $left }件あります。

# たずねる理由
review-unsure = 迷っています：{ $who }
review-either = { $one }か{ $other }
review-somebody-new = 知らない人
review-stranger = 似ていた顔とは別人です。知らない人でしょうか？
review-alone = 知らない人でしょうか？
review-caption-or = または
review-caption = { $who }？

# メニューとボタン
review-choose = 顔を選ぶ
review-all-are = この{ $faces }つは全部…
review-odd = 別人の顔を選ぶ
review-odd-face = 顔{ $number }
review-apart = 同じ人ではありません
review-skip = { $faces ->
    [1] スキップ
   *[other] この{ $faces }つをスキップ
}
review-back = 戻る
review-who = **{ $number }** { $why }。これは誰ですか？

# 結果
review-noted = { $faces ->
    [1] 記録しました：**{ $who }**
   *[other] 記録しました：{ $faces }つとも **{ $who }**
}
review-noted-no-face = { $faces ->
    [1] 記録しました：顔ではない
   *[other] 記録しました：{ $faces }つとも顔ではない
}
review-noted-apart = { $faces ->
    [1] 記録しました：この顔は別人です。
   *[other] 記録しました：この{ $faces }つの顔は同じ人ではありません。
}
review-meanwhile = { $all ->
    [true] ほかのモデレーターが先に **{ $names }** と答えていたので、そのままにします。
   *[false] そのうち{ $faces }つは、ほかのモデレーターが先に **{ $names }** と答えていたので、そのままにします。
}
review-taken-back = 取り消しました。

review-nothing = 見直す顔はありません。学習を許してくださった人の画像のうち、知らない顔、自信のない顔、意見の分かれた顔について、ここでおたずねします。
review-over = これで全部です。スキップした顔は、次の`review`でまたおたずねします。
review-never = ここではDiscordの画像から学習しないので、見直す顔はありません。`settings`で変えられます。

# 読み上げ用
review-alt = 名前のない顔：{ $lines }
review-alt-group = よく似た{ $faces }つの顔
