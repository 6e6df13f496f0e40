# ボタンとメニュー
correction-right = 全部正解
correction-wrong = 訂正する…
correction-take-back = 取り消す
correction-which-face = どの顔ですか？
correction-which-is-no-face = 顔ではないのはどれですか？
correction-choose-face = 顔を選んでください
correction-choose-name = 名前を選んでください
correction-who = 顔 **{ $number }** は誰ですか？
correction-suspect = 訂正または確認する顔を選んでください
correction-suspect-either = { $number }：{ $one }？ それとも { $other }？
correction-search = 入力して探す…
correction-no-face = 顔ではない
correction-a-stranger = 知らない人
correction-likelihood = { $percent }%
correction-new = 新しいキャラクター：{ $name }
correction-form = 誰ですか？
correction-form-name = 名前
correction-form-hint = このサーバーでの書き方で。一部だけでもかまいません
correction-did-you-mean = **{ $typed }** という名前は知りません。この中にいますか？
correction-is-new = **{ $typed }** という名前は知りません。新しいキャラクターですか？

# お礼
correction-thanks = 記録しました。ありがとうございます！
correction-thanks-waits = 学習に使うのは、{ $yours ->
    [yes] あなた
   *[no] 投稿した人
}の「はい」を待ってからです。
correction-noted = 記録しました：**{ $who }**。
correction-noted-settled = 記録しました：**{ $who }**。次の画像から、これをもとに答えます。
correction-noted-waits = 記録しました：**{ $who }**。{ $yours ->
    [yes] あなた
   *[no] 投稿した人
}の「はい」を待ってから覚えます。
correction-noted-refused = 記録しました：**{ $who }**。投稿した人の同意がないので、学習には使いません。
correction-noted-never = 記録しました：**{ $who }**。ここに投稿されたものからは学習しません。
correction-noted-no-room = 記録しました：**{ $who }**。いまはディスクに空きがないので、空きができたら次の再学習で覚えます。私の運営者が対応します。
correction-noted-agreed = 記録しました：**{ $who }**。意見が一致したので、これから学びます。
correction-noted-wanting = 記録しました：**{ $who }**（あと{ $wanting }人の賛成か、モデレーターの確認が必要です）。
correction-noted-disputed = 記録しました：**{ $who }**（意見が分かれているので、モデレーターの確認が必要です）。
correction-noted-overruled = 記録しました：**{ $who }**。ただし、モデレーターの意見は違います。
correction-noted-stranger = 記録しました：**{ $who }** ではなく、知らない人です。
correction-stranger-already = では、知らない人のままにします。分かったら `{ $number }はリコ` のように教えてください。
correction-noted-not = 記録しました：**{ $who }** ではありません。では、誰ですか？
correction-somebody-new = **{ $who }** は初めて聞く名前です。
correction-too-poor = この顔は小さすぎるかぼやけているため、学習には使えません。もっと大きい、またははっきりした画像があれば覚えられます。
correction-taken-back = 取り消しました。もう数えません。
correction-nothing-to-take-back = 取り消すものがありません。これについて、あなたの意見は残っていません。
correction-not-yours = 取り消せるのは、そう言った本人だけです。

# 分からなかったとき
correction-say-which = どの顔のことですか？ `2はリコ` のように書いてください。
correction-say-how = 誰なのかを教えるには、`{ $number }はリコ` のように書いてください。
correction-no-such-number = その答えに顔 { $number } はありません。あるのは { $faces ->
    [1] 1つだけです
   *[other] 1 から { $faces } までです
}。
correction-nobody-named = そこでは誰の名前も挙げていません。「訂正する…」を押して、誰なのか教えてください。
correction-choose-name-of = 顔 { $number } は誰ですか？
correction-ask-again = これらについても聞きたいことがあります。少しずつもう一度書いてください。
correction-of-sheet = この一覧には、下のメニューで答えてください。番号は答えの番号とは別のものです。
correction-too-many = 一度に多すぎます。{ $most }個までにしてください。
correction-contradiction = 顔 { $number } について二つ以上の名前が書かれているので、何も記録しませんでした。
