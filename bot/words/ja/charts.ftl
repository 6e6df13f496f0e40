# グラフの中の言葉：スマートフォンで読めるように短く
chart-first = 今回の再学習の結果
chart-changes = 再学習の前と後
chart-changes-below = テスト用の顔のうち、正しく名前を言えた割合{ $hidden ->
    [0] { "" }
   *[other] （ほか { $hidden } 人の変化は小さめ）
}
chart-all = テスト用の顔すべて
chart-strangers = 知らない人と言えた
chart-none = テスト用の顔なし
chart-no-worse = 前、後：悪くない
chart-worse = 前、後：悪化
chart-of = { $total } 件中 { $share }
chart-from-to = { $total } 件中 { $before } → { $share }
chart-history = バージョンごとの成績
chart-history-below = その時のテスト用の顔で測定（95% 区間つき）
chart-named = 正しい名前
chart-faces = { $faces } 件
chart-answers = 使用中
chart-confusion = 誰を誰と答えたか
chart-confusion-below = { $version }、テスト用の顔で測定
chart-rows-hidden = 間違いの少ない { $hidden } 行は省きました
chart-no-name = 知らない人
chart-unknown = 名前なし
chart-true = 本当は
chart-called = 答え
chart-right = 正解
chart-wrong-name = 違う名前
chart-left-unnamed = 名前なし
