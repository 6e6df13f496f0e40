# その人について何を保存し、どう選べるか
consent-question = **{ $poster }** さん、あなたが投稿した画像の顔を、誰なのか覚えるために保存してもいいですか？「はい」と言われるまでは何も保存しません。あとから `/privacy` で変えられます。
consent-yes-label = はい、学習に使っていいです
consent-no-label = いいえ
consent-say-how = ボタンを押すか、「はい」「いいえ」で返信してください。「はい」と言うまで、何も保存しません。
consent-given = ありがとうございます！あなたの画像の顔を保存して学習に使います。確認や変更は `/privacy` でできます。
consent-refused = 分かりました。あなたの画像からは何も保存しません。確認や変更は `/privacy` でできます。
waiting = **名前の付いた顔 { $faces } 件**が、投稿した { $people } 人の「はい」を待っています。それまでは学習に使いません。
waiting-ask-label = もう一度たずねる
waiting-for-nobody = 「はい」を待っているものは、もうありません。
waiting-asked = { $people } 人に、その人の画像の下でもう一度たずねました。
waiting-asked-lately = { $people } 人には、たずねてからまだ1日たっていません。それより頻繁にはたずねません。
waiting-unreached = { $people } 人にはたずねられませんでした。書き込めない場所の画像か、もういない人です。
never-learned = ここに投稿された画像からは学習しません（`settings consent` の設定です）。
consent-not-yours = 答えられるのは、画像を投稿した本人だけです。

privacy-held = 私が答えたあなたの画像 { $pictures ->
   *[other] { $pictures } 枚分の記録
}（画素は含まず、顔の位置だけ）、学習用に保存した顔 { $faces ->
   *[other] { $faces } 件
}{ $unnamed ->
    [0] {""}
   *[other] （うち名前がまだないもの { $unnamed } 件）
}、あなたがした訂正 { $corrections ->
   *[other] { $corrections } 件
}
privacy-never = ここでは、Discordの画像からは学習しません。保存しているのは、{ $held }です。`/forgetme` ですべて削除できます。
privacy-agreed = あなたの画像の顔のうち、名前が付いたものと、まだ知らない顔（30日間まで）を、学習用に保存することに同意をいただいています。「いいえ」を選ぶと、すぐに削除します。保存しているのは、{ $held }です。`/forgetme` ですべて削除できます。
privacy-refused = 「いいえ」と答えていただいたので、あなたの画像からは何も保存しません。これから投稿する画像について「はい」に変えることもできます。保存しているのは、{ $held }です。`/forgetme` ですべて削除できます。
privacy-unanswered = あなたの画像を学習に使っていいか、まだお答えをいただいていません。今ここで選べます。保存しているのは、{ $held }です。`/forgetme` ですべて削除できます。
privacy-retention = { $days ->
    [0] 画像の記録が自動で消えることはありません。
   *[other] 画像の記録は、それについての訂正も含めて { $days } 日後に自動で消えます。
}

forget-question = 保存しているのは、{ $held }です。すべてのサーバーの分をまとめて削除してもいいですか？元には戻せません。
forget-yes-label = すべて削除する
forget-no-label = 残しておく
forget-kept = 分かりました。何も削除していません。
forget-not-yours = 答えられるのは、削除を頼んだ本人だけです。
forget-name = { $name }（{ $faces } 件）
forget-fewer = 次の `/retrain` から、{ $faces ->
   *[other] { $faces } 件
}の顔が学習に使われなくなります：{ $names }。それまでは、それらを見たバージョンが答えます。
forget-nothing-learned = 学習に使うものに変わりはありません。
forget-done = 削除しました：{ $held }。{ $learning }チャットでの私の答えは、誰かが消すまで残ります。私に残るのは、あなたのIDと「いいえ」という答えだけです。今後は何も保存せず、尋ねることもしません。これは `/privacy` で変えられます。
forget-traces = データベースが使用中のため、その痕跡がまだディスクに残っています。できるようになりしだい、再起動のあとでも、上書きして消します。
