# スラッシュコマンドの説明。英語の説明はコードにあります。
menu-who-is-this = これは誰？

command-help = 私にできることと、コマンドの一覧を見ます。
option-help-command = くわしく知りたいコマンド。省略するとすべて
command-whois = 画像の顔が誰なのかを答えます。画像を付けるか、画像への返信で。名前を指定すればその人の説明も。
option-whois-picture = 見てほしい画像
command-privacy = あなたと画像について保存しているものを確認し、変更します。
command-forgetme = あなたの画像の顔や、あなたがした訂正など、保存しているものをすべて削除します。

command-retrain = 訂正された内容をすべて学びます。前より悪くならなければ新しいバージョンに替わります。
option-retrain-gate = override：悪くなっていても公開します。あなたの名前で記録に残ります
command-model = ここで答えているバージョン：いつから、いくつの顔から、どのくらい正しいか。
command-model-show = ここで答えているバージョン：いつから、いくつの顔から、どのくらい正しいか。
command-model-history = 各バージョンの成績を画像で見ます。
command-rollback = すぐに前のバージョンに戻します。
option-rollback-version = model history に出る名前（例：v3）。省略すると一つ前
command-undo = ある人がここで言ったことをすべて取り消します。
option-undo-member = 訂正を無効にする人。もういない人でもかまいません
command-suspects = 前回の再学習で間違っていそうだった顔を、訂正または確認します。

command-watch = このチャンネルに投稿されたすべての画像に答えます。
option-watch-channel = 省略するとこのチャンネル
command-unwatch = このチャンネルでは、聞かれたときだけ画像に答えます。
option-unwatch-channel = 省略するとこのチャンネル

command-settings = すべての設定と今の動作を確認し、メニューで変更します。
command-settings-show = すべての設定と今の動作を確認し、メニューで変更します。
command-settings-threshold = どのくらい確信があれば名前を言うか。
option-settings-threshold-threshold = strict：慎重に、bold：積極的に名前を言う、default：測定どおり
command-settings-quorum = 何人のメンバーが一致すれば名前を信じるか。
option-settings-quorum-quorum = 1から20までの数、またはdefault
command-settings-language = 私がここで話す言語。
option-settings-language-language = default：Discordのサーバー設定のとおり
command-settings-consent = ここに投稿された画像の顔を、学習用に保存するかどうか。
option-settings-consent-consent = never：何も保存しない、default：運営者の設定どおり
command-settings-roles = 「サーバー管理」の権限がある人のほかに、モデレーターとして扱うロール。
option-settings-roles-roles = すべてメンションしてください。default：なし

option-whois-picture2 = もう一枚
option-whois-picture3 = もう一枚
option-whois-picture4 = もう一枚
option-whois-name = 画像の代わりに、くわしく知りたいキャラクター
command-characters = ここで知っている全員を、顔の数とどのくらい分かるかとともに見ます。
option-characters-page = 一覧のページ。省略すると最初のページ
command-character = ここで最近変わった名前と、誰が変えたかを見ます。
command-character-changes = ここで最近変わった名前と、誰が変えたかを見ます。
command-character-rename = キャラクターの名前を変えます。前の名前でも見つかります。
option-character-rename-name = 誰を
option-character-rename-new = これからの名前
command-character-merge = 二人のキャラクターを、顔もすべて合わせて一人にします。
option-character-merge-name = 実は別の人だったキャラクター
option-character-merge-into = 本当は誰か
command-character-alias = ローマ字や元の表記など、見つけやすくする別名を付けます。
option-character-alias-name = 誰に
option-character-alias-alias = ほかの呼び名。どの文字でもかまいません
command-character-unalias = キャラクターから別名を外します。
option-character-unalias-name = 誰から
option-character-unalias-alias = 間違っている別名
command-character-delete = キャラクターを、それについての訂正ごと削除します。元に戻せないので、先に確認します。
option-character-delete-name = いるはずのないキャラクター
command-character-undo = ここでの名前の変更を一つ取り消します。もう一度使うとさらに一つ前も取り消します。
command-stats = ここで答えた数と訂正の数、どのくらい正しいか、よく手伝ってくれた人を見ます。
command-stats-show = ここで答えた数と訂正の数、どのくらい正しいか、よく手伝ってくれた人を見ます。
command-stats-join = よく手伝った人として名前を出してもらいます。
command-stats-leave = 名前を出すのをやめます。
command-review = 一番勉強になる顔を見せます：よく似た知らない顔、意見の分かれた顔、自信のない顔。

command-knowledge = ここに取り込んだファイルと、それぞれの顔が今いくつ残っているかを見ます。
command-knowledge-show = ここに取り込んだファイルと、それぞれの顔が今いくつ残っているかを見ます。
command-knowledge-export = このサーバーのキャラクター・別名・信頼できる顔を一つのファイルにして、あなたにだけ渡します。
command-knowledge-import = ほかのサーバーのファイルの内容を学びます。このサーバーですでに知っていることが優先されます。
option-knowledge-import-file = ここやほかの場所の knowledge export が作ったファイル
command-knowledge-remove = あるファイルから取り込んだ顔をすべて忘れます。
option-knowledge-remove-file = knowledge show に出る名前
