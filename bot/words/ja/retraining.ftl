# 再学習の結果
retraining-progress = 再学習中：{ $stage ->
    [starting] 準備しています
    [embedding] 保存した顔を新しいモデルで見直しています
    [training] 学習しています
   *[measuring] 前のバージョンと比べています
}… { $bar }
retraining-stopped = 私が止められたため、再学習も中止しました。これまでのバージョンのままです。もう一度 `retrain` してください。

retrained-published = { $version } として公開しました。
retrained-overridden = 基準は満たしていませんが、{ $version } として公開しました。
retrained-kept = { $whose ->
    [nobody] これまでのバージョン
    [everyone] 共有の { $version }
   *[own] これまでの { $version }
}のままです。
retrained-before = { $whose ->
    [nobody] これまでのバージョン
    [everyone] 共有の { $version }
   *[own] これまでの { $version }
}
retrained-go-back = 元に戻すには `{ $command }` を使ってください。
retrained-override = それでも公開するには `{ $command }` を使ってください。

retrained-first = 最初のバージョンです。
retrained-no-worse = { $before }に劣りません。
retrained-too-few = テスト用の顔が { $faces ->
   *[other] { $faces } 件
}しかなく、{ $before }との差を見分けるには足りません（{ $enough } 件あれば分かります）。減ったのは1件以下なので採用しました。
retrained-naming-worse = テスト用の顔 { $faces ->
   *[other] { $faces } 件
}のうち、正しく名前を言えたものが{ $before }より { $fewer } 件減りました（減 { $lost }、増 { $gained }、{ $chance }）。
retrained-strangers-worse = 知らない人に名前を付けてしまうことが、{ $before }より増えました（{ $faces } 件中 { $more } 件増、{ $chance }）。
retrained-more-than-chance = 偶然とは言えません、p = { $p }
retrained-may-be-chance = 偶然かもしれません、p = { $p }

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
report-character = · { $name }（{ $facts }）：{ $rate }
report-character-faces = 顔 { $faces } 件
report-character-was = 旧名 { $name }
report-character-new = 新しい
report-character-added = { $faces } 件増
report-character-gone = { $faces } 件減
report-dropped = もう分からなくなった名前：{ $names }。
report-stale = 顔 { $faces ->
   *[other] { $faces } 件
}は今のモデルで読み直せなかったため、使っていません。
report-suspects = 間違っていそうな顔が { $faces ->
   *[other] { $faces } 件
}あります（{ $who }）。モデレーターは `/suspects` で確認できます。
report-suspects-pair = { $name } のうち { $faces } 件が { $other } 似
report-helps-next = 一番効果がありそうなのは { $name } です。今は顔が { $faces ->
   *[other] { $faces } 件
}なので、あと { $more } 件あるとよくなります。{ $few } 件から { $many } 件に増えると、最有力の名前が合う割合は { $before } % から { $after } % になりました（{ $characters ->
   *[other] { $characters } 人
}の顔 { $measured ->
   *[other] { $measured } 件
}で測定）。

rate-first = { $total } 件中 { $share } %（{ $low }～{ $high } %）
rate-alone = { $total } 件中 { $share } %
rate-changed = { $total } 件中 { $before } % → { $share } %
rate-same = { $total } 件中 { $share } %（どの顔も前と同じ）
rate-compared = { $rate }（変化は { $down }～{ $up } ポイント、増 { $gained }、減 { $lost }）
rate-none = 測れるものがありません
rate-none-yet = テスト用の顔はまだありません

changes-alt = グラフ。{ $lines }
changes-alt-named = テスト用の顔すべて：{ $rate }
changes-alt-strangers = 知らない人を「知らない」と言えた割合：{ $rate }
changes-alt-character = { $name }：{ $rate }
