# どのバージョンが答えるか
version-none = まだバージョンがないので、教わったばかりの人しか分かりません。顔を訂正してから `{ $prefix }retrain` してください。
version-since = { $when } から **{ $version } が答えています**。
version-since-by = { $when } から **{ $version } が答えています**（{ $who } さんが{ $how ->
    [overridden] 基準に反して公開
    [rolled_back] このバージョンに戻しました
    [imported] 取り込みました
   *[published] 公開
}）。
version-since-via = { $when } から **{ $version } が答えています**（{ $via ->
    [shell] コマンドラインで
    [schedule] 自動の予定で
   *[chat] { "" }
}{ $how ->
    [overridden] 基準に反して公開
    [rolled_back] このバージョンに戻しました
    [imported] 取り込みました
   *[published] 公開
}）。
version-shared = これは全サーバー共有のものです。最初に `{ $prefix }retrain` すると、このサーバー専用のものができます。
version-unreadable = 以前のKoredareが作ったため、測定結果を読めません。`{ $prefix }retrain` すると新しく作ります。
version-threshold = 確信度が { $percent }% 以上のときに名前を言います。
version-forgotten = これは、その後で削除された顔 { $faces ->
   *[other] { $faces } 件
}も使って学習しています。`{ $prefix }retrain` すると、それを除いたものになります。
version-last-kept = 前回（{ $when }）の再学習では何も変わっていません。{ $verdict ->
    [strangers_worse] 知らない人に名前を付けてしまうことが増える
   *[naming_worse] 正しく名前を言える顔が減る
}ためです。
version-set-aside = 壊れていて使えないバージョン（何も削除せず、運営者のために残してあります）：{ $versions }
version-confusion-alt = グラフ：テスト用の顔のうち、誰を誰と答えたか。
version-back = これからは **{ $version }** が答えます。

versions-none = まだバージョンがありません。
versions-kept = { $versions ->
   *[other] { $first } から { $last } まで、{ $versions } 個のバージョンがあります。
}
versions-alt = グラフ。{ $lines }
versions-alt-line = { $version }：名前 { $named }、知らない人 { $strangers }
