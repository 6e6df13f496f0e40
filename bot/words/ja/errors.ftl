# うまくいかなかったこと
error-moderators = これはモデレーター専用です。「サーバー管理」の権限か、このサーバーでモデレーター扱いのロールが必要です。
error-out-of-sight = それはあなたに見えないチャンネルの投稿なので、変更できません。
error-servers-only = これはサーバー内でだけ使えます。ダイレクトメッセージでは使えません。
error-my-permissions = Discordの権限が足りず、ここではできません。このチャンネルでの私の権限を確認してください。
error-not-allowed = ここではその操作はできません。
error-usage = 書き方： `{ $usage }`
error-did-you-mean = もしかして `{ $near }` ですか？
error-no-such-part = `{ $command }` に **{ $part }** はありません。あるのは { $parts } です。
error-missing = **{ $name }** が足りません。
error-no-such-channel = そのチャンネルはここに見つからないか、メッセージを書けないチャンネルです。#pictures のように指定するか、省略するとこのチャンネルになります。
error-no-such-person = その人はここに見つかりません。@でメンションするか、IDを指定してください。
error-no-such-role = そのロールはここに見つかりません。@でメンションするか、IDを指定してください。
error-not-a-choice = **{ $name }** に指定できるのは次のいずれかです：{ $choices }
error-too-much = 一度に指定できるのは1つだけです。
error-quotes = 読み取れない部分がありました。空白のある名前は `"Riko Sakura"` のように引用符で囲んでください。
error-out-of-range = { $least } から { $most } までの数を指定してください。
error-not-understood = うまく読み取れませんでした。
error-too-fast = 少しお待ちください。{ $seconds ->
   *[other] { $seconds } 秒後にもう一度試せます。
}
error-command-changed = そのコマンドは変わりました。Discord を再起動するか、少し待ってから、もう一度使ってください。
error-gone = そのメッセージかファイルは、もうDiscordにありません。画像を投稿し直してください。
error-discord = 今、Discordの調子が悪いようです。少し待ってからもう一度お試しください。
error-picture-gone = その画像は、もうDiscordから読み込めません。投稿し直してください。
error-picture-later = 今、Discordから画像を読み込めません。少し待ってからもう一度お試しください。
error-automod = このサーバーのAutoModが私の返答を止めています。モデレーターが私を例外に設定できます。
error-operator = 私の設定に問題があり、直せるのは運営者だけです。ログには `{ $number }` として残っています。
error-unforeseen = 予期しないエラーが起きました。運営者はログの `{ $number }` で詳細を確認できます。
