# 画像で教える
teach-looking = { $pictures ->
    [1] 画像を見ています…
   *[other] { $pictures }枚の画像を見ています…
}
teach-looked = { $pictures }枚の画像を見ています… { $done }枚まで終わりました。

# 覚えたこと
taught-one = **{ $name }**：顔{ $faces }つ · { $how }
taught-several = { $characters }人のキャラクターの顔{ $faces }つ · { $how }：{ $names }
taught-how = { $how ->
    [moderator] ✔ モデレーターの確認済み
    [members] ✔ みなさんの意見が一致
    [disputed] 意見が分かれているので、モデレーターの確認が必要です
   *[wanting] あと{ $wanting }人の賛成か、モデレーターの確認が必要です
}
taught-which = { $pictures }枚の画像に顔がいくつもあります。どの顔ですか？下のメニューから選んでください。
taught-nobody = 何も覚えませんでした。
taught-choose = どの顔ですか？
taught-choice = { $number }：{ $name }

# その下
taught-next = 次の画像から、これをもとに答えます。
taught-agreed = 教えるために画像を付けた人は、その顔を学習用に保存することに同意したことになります。取り消すと削除します。保存しているものは `/privacy` で見られます。
taught-waits = ほかの人が投稿した画像は、その人が学習に同意したら覚えます。
taught-refused = 投稿した人の同意がないので、その画像からは覚えません。
taught-new = { $characters ->
    [1] { $names } は初めて聞く名前です。
   *[other] そのうち{ $characters }人は初めて聞く名前です。
}
taught-near = { $name } は初めて聞く名前です。{ $near } のことでしたら、取り消してください。
taught-known = { $pictures }枚はもう覚えていました。
taught-left-out = 使わなかったもの：{ $file }：{ $reason }
taught-left-out-many = 使わなかったファイルが{ $pictures }つあります。一覧を添付しました。
taught-remove = `{ $prefix }knowledge remove { $file }` で忘れさせることができます。
taught-alt = 顔：{ $lines }

# 使わなかった理由
teach-no-face = 顔が見つかりません
teach-too-poor = 顔が小さすぎるかぼやけているため、学習には使えません
teach-several = 顔が{ $faces }つあり、ここではどれかを聞けません
teach-known-as = 同じ画像がここでは { $name } になっています
teach-damaged = 壊れています
teach-gone = 取得できません
teach-nobodys = キャラクターのフォルダーになく、ファイル名もキャラクターの名前ではありません

# 頼み方が違うとき
teach-no-name = 画像に写っているのは誰ですか？画像を10枚まで付けるか、画像への返信で、`{ $prefix }teach リコ` のように書いてください。キャラクターごとのフォルダーに分けたZIPを付けることもできます。
teach-no-such-name = **{ $name }** は名前だけではないようです。名前だけを書いてください。本当にそういう名前なら、`「リコ」` のように括弧に入れてください。
teach-no-picture = **{ $name }** の画像を10枚まで付けるか、画像のあるメッセージへの返信で使ってください。
teach-never = ここではDiscordの画像から学習しないので、画像で教えることはできません。運営者が `koredare import --guild { $guild }` で教えられます。
teach-zip-members = そのZIPには画像が{ $pictures }枚あります。メンバーからは、ほかの人が確かめて賛成できるように、一度に{ $most }枚まで受け取ります。モデレーターなら全部まとめて送れます。
teach-zip-too-heavy = ZIPが大きすぎます。Discordと同じく { $megabytes } MB までです。分けて送るか、運営者に `koredare import --guild { $guild }` を頼んでください。
teach-zip-unfit = { $reason ->
    [other] それはZIPファイルではありません。キャラクターごとのフォルダーに分けて、ZIPにまとめてください。
    [too-many] ZIPの中身が多すぎます。一度に{ $most }枚までです。分けて送ってください。
    [nobody] そのZIPからは、名前の分かるキャラクターが見つかりません。キャラクターの名前を付けたフォルダーごとに画像を入れるか、`リコ_01.png` のような名前のファイルにしてください。
   *[damaged] そのZIPは読めません。壊れているか、パスワードで保護されているか、普通とは違う方法で圧縮されています。
}
teach-form = 誰なのかを教える
teach-form-name = 名前
