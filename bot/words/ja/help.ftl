# 自己紹介と使い方
help-what-i-do = 画像に写っているアニメの顔が誰なのかを答えます。見守っているチャンネルに投稿するか、画像を付けてメンションするか、`/whois` を使ってください。
help-correct = 間違っていたら、答えの下の「訂正する…」を押すか、✅ ❌ 🚫 でリアクションするか、`2はリコ` のように返信してください。
help-everyone = **みんなが使えるもの**
help-moderators = **モデレーター専用**
help-line = `{ $command }` { $description }
help-more = `{ $command }` のようにすると、くわしい説明が見られます。どれもスラッシュコマンドでも使えます。
help-usage = `{ $usage }`
help-for-moderators = モデレーターだけが使えます。
help-option = · **{ $name }** { $description }
help-parts = 次のものがあります：
help-unknown = **{ $name }** というコマンドはありません。一覧は `/help` で見られます。
