# キャラクター一覧
characters-none = まだ誰も知りません。私の答えの下で、顔の名前を教えてください。
characters-head = **{ $characters } 人**のキャラクターを知っています。{ $pages ->
    [1] { "" }
   *[other] { $page } / { $pages } ページ
}
characters-line = **{ $name }** · { $faces ->
    [0] 見本なし
   *[other] 見本 { $faces } 枚
} · { $level ->
    [very-well] とてもよく分かります
    [well] よく分かります
    [fairly] だいたい分かります
    [badly] よく間違えます
    [unlearned] まだ覚えていません
   *[unmeasured] 覚えましたが、まだ測っていません
}
characters-back = 前へ
characters-on = 次へ

# 一人のキャラクター
character-name = **{ $name }**
character-aliases = 別名：{ $aliases }
character-examples = { $faces ->
    [0] この顔の見本はまだありません。
   *[other] 見本 { $faces } 枚：{ $origins }
}
character-posted = ここに投稿された画像から { $faces } 枚
character-imported = このサーバーが取り込んだものから { $faces } 枚
character-shared = 全サーバー共通のものから { $faces } 枚
character-known = { $level ->
    [very-well] この顔はとてもよく分かります。テスト用の { $total } 枚のうち { $right } 枚を正しく当てました。
    [well] この顔はよく分かります。テスト用の { $total } 枚のうち { $right } 枚を正しく当てました。
    [fairly] この顔はだいたい分かります。テスト用の { $total } 枚のうち { $right } 枚を正しく当てました。見本が増えると助かります。
    [badly] この顔はよく間違えます。テスト用の { $total } 枚のうち正解は { $right } 枚でした。見本が増えると助かります。
    [unlearned] この顔はまだ覚えていません。見本があれば、すぐに覚えます。
   *[unmeasured] この顔は覚えましたが、テスト用の見本が少なく、どれくらい分かるかはまだ言えません。見本が増えると助かります。
}
character-confused = チャットで取り違えた相手：{ $others }
character-double = { $name }（{ $times } 回）
character-faces = { $name } を覚えるのに使った顔 { $faces } 枚。
character-unknown = **{ $name }** という名前は知りません。`/characters` で、知っているキャラクターを見られます。
character-more = ほか { $count } 人
character-did-you-mean = **{ $name }** という名前は知りません。もしかして { $nearest } ですか？

# モデレーターの操作
character-renamed = これから **{ $name }** を **{ $other }** と呼びます。{ $name } でも見つかります。`{ $undo }` で元に戻せます。
character-merged = これから **{ $name }** は **{ $other }** と同じキャラクターです。{ $faces ->
    [0] 移る見本はありません。
   *[other] 見本 { $faces } 枚が移ります。
}{ $name } は { $other } の別名になります。次の画像から反映します。`{ $undo }` で元に戻せます。
character-alias-given = これから **{ $other }** は **{ $name }** の別名です。
character-alias-taken = **{ $other }** は **{ $name }** の別名ではなくなりました。
character-undone = 元に戻しました：{ $what } もう一度使うと、その前の変更を戻します。
character-undone-rename = **{ $other }** をまた **{ $name }** と呼びます。
character-undone-merge = **{ $name }** と **{ $other }** はまた別のキャラクターです。
character-undone-alias = **{ $other }** は **{ $name }** の別名ではなくなりました。
character-undone-unalias = **{ $other }** はまた **{ $name }** の別名です。
character-undone-import = **{ $file }** から来た別名は消えました。顔は残っています。
character-changes = { $changes ->
    [0] ここではまだ名前の変更がありません。使い方は `/help character` にあります。
   *[other] 最近の名前の変更：
}
character-change = { $when }、{ $who }：{ $kind ->
    [rename] { $name } を **{ $other }** と呼ぶ
    [merge] { $name } は **{ $other }** と同じ
    [alias] **{ $other }** は { $name } の別名
    [unalias] **{ $other }** は { $name } の別名ではない
   *[import] ファイル **{ $name }** からの別名
}{ $stands ->
    [false] （取り消し済み）
   *[true] { "" }
}
character-changed-by-somebody = 不明な人
delete-question = **{ $name }** を削除しますか？{ $corrections ->
    [0] この名前で呼ばれた顔はありません。
   *[other] この名前についての訂正 { $corrections } 件が無効になり、学習に使う顔 { $faces } 件の名前がなくなります。
}**元には戻せません。** 別の名前にするだけなら、`character rename` か `character merge` を使ってください。
delete-yes-label = 削除する
delete-no-label = 残しておく
delete-kept = 分かりました。何も削除していません。
delete-done = **{ $name }** を削除しました。訂正 { $corrections } 件が無効になり、学習に使う顔 { $faces } 件の名前がなくなりました。次の画像から反映されます。
delete-gone = そのキャラクターはもうここにいません。今は何も削除していません。
delete-shared = **{ $name }** はこのサーバーだけのものではありません。同じ名前の顔を全サーバーが共有していて、取り込んだのは運営者です。ここでは `character rename` で呼び名を変えるか、`character merge` で別のキャラクターにまとめられます。
character-taken = **{ $name }** は{ $same ->
    [true] { "" }すでにいるキャラクターの名前です
   *[false] すでに **{ $by }** を指します
}。別の名前にするか、`character merge` で二人をまとめてください。
character-same = **{ $name }** と **{ $by }** はすでに同じキャラクターです。
character-no-alias = **{ $name }** は、外せる **{ $of }** の別名ではありません。最初の名前と今の名前は残ります。
character-nothing-to-undo = 元に戻すものはもうありません。どのキャラクターも最初の名前です。
