# 間違った訂正への対処
undo-nothing = **{ $name }** さんの訂正で、今も有効なものはここにはありません。
undo-done = **{ $name }** さんの訂正 { $corrections ->
   *[other] { $corrections } 件
}を取り消しました。{ $faces ->
    [0] 学習に使うものへの影響はありません。
   *[other] 学習に使う顔 { $faces } 件の名前がなくなったか変わりました。次の画像から反映します。
}

suspects-none = 学習に使っている顔に、間違っていそうなものはありません。`/retrain` のたびに見直します。
suspects-head = 学習に使っている顔のうち、{ $faces ->
   *[other] { $faces } 件
}が間違っていそうです。
suspects-line = **{ $number }** { $name }（{ $other } に似ています）· { $source }
suspects-answer = [答え]({ $link })
suspects-imported = { $folder } から取り込み
suspects-imported-somewhere = 取り込み
suspects-what-to-do = 下から選ぶと、訂正するか、その名前で合っていると確認できます。選ばなかったものはそのまま残ります。取り込んだものを直せるのは運営者だけです。
suspects-more = 答え終わると、あと { $faces ->
   *[other] { $faces } 件
}が続きます。
suspects-alt = 間違っていそうな顔。{ $lines }
suspects-alt-line = { $number }：名前は { $name }、{ $other } に似ています
