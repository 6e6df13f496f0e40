# サーバーの知識を一つのファイルに
knowledge-files = { $files ->
    [0] ここに取り込まれたファイルはありません。
   *[other] 取り込まれたファイルは { $files } 件です：
}
knowledge-file = **{ $file }**：顔 { $faces } 枚
knowledge-exported = このサーバーが教えてくれたことです：キャラクター { $characters } 人、顔 { $faces } 枚。投稿した人や教えた人の情報は入っていません。顔は、ここで学習に同意した人の画像のものです。見せるべきでない人には渡さないでください。別の場所では `/knowledge import` で取り込めます。
knowledge-unseen = あなたに見えないチャンネルの顔は入っていません。
knowledge-sent = メンバーの画像の顔が入っているので、ファイルはダイレクトメッセージで送りました。
knowledge-no-messages = あなたにダイレクトメッセージを送れません。`/knowledge export` を使ってください。答えはあなたにだけ見えます。
knowledge-nothing = 書き出すものがまだありません。このサーバーではまだ誰も教わっていません。
knowledge-too-large = 顔 { $faces } 枚は、ここで Discord に送れる { $megabytes } MB に収まりません。
knowledge-too-heavy = ファイルが大きすぎます。{ $megabytes } MB まで受け取れます。
knowledge-unfit = { $reason ->
    [other] `/knowledge export` のファイルではありません。自分の画像なら、運営者に `koredare import` を頼んでください。
    [newer] もっと新しい Koredare が書いたファイルです。運営者に更新を頼んでください。
    [too-many] 中身が多すぎます。一度に受け取れる顔は { $most } 枚までです。
   *[damaged] ファイルが壊れているか、書き換えられています。もう一度書き出して、そのまま使ってください。何も取り込みませんでした。
}
knowledge-added = { $faces ->
    [0] 新しい顔はありません
   *[other] 新しい顔 { $faces } 枚、キャラクター { $characters } 人：{ $names }
}{ $aliases ->
    [0] 。
   *[other] 。新しい別名 { $aliases } 件。
}
knowledge-passed-over = { $known ->
    [0] { "" }
   *[other] { $known } 枚はすでに持っていました。
}{ $disputed ->
    [0] { "" }
   *[other] { $disputed } 枚はここでは別の名前なので、そのままにしました。
}
knowledge-next = { $faces ->
    [0] { "" }
   *[other] 次の画像から使います。`{ $prefix }knowledge remove { $file }` で取り消せます。
}
knowledge-no-such-file = **{ $file }** というファイルから来たものはここにありません。`/knowledge show` で一覧を見られます。
knowledge-removed = **{ $file }** から来た顔 { $faces } 枚を忘れました。次の画像から使いません。
