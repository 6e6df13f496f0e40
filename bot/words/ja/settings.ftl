# 見守るチャンネル
watching = これからは { $channel } に投稿されたすべての画像に答えます。
watching-already = これまでどおり { $channel } に投稿されたすべての画像に答えます。
watching-with = { $channel } の画像に答えるのは、それを含む { $parent } を見守っているからです。{ $parent } で `{ $prefix }unwatch` すると終わります。
watching-ended = これからは { $channel } では、聞かれたときだけ画像に答えます。
watching-never = { $channel } は見守っていませんでした。聞かれたときだけ画像に答えます。
watching-blind = ただし、Discordでメッセージの内容を読む許可がないため、聞かれない限りそこに投稿された画像は見えません。運営者がDiscordの開発者ポータルで **Message Content Intent** を有効にすると見えるようになります。それまでは、メンションするか `/whois` を使ってください。
answer-hidden = メンションのないメッセージを読む許可がないため、Discordはそのメッセージを見せてくれません。代わりにそのメッセージのメニューから **アプリ** → **これは誰？** を選んでください。

# モデレーターが選ぶもの。`…` の中は入力する言葉
settings-heading = **このサーバーでの設定です。** 下のメニューで変えられます。`{ $prefix }settings quorum 3` のように書いても変えられ、`default` で元に戻ります。
settings-threshold = **名前** (`threshold`)： { $threshold ->
    [strict] `strict`。計測した基準より確かなときだけ名前を言います。間違いは減り、「知らない人」が増えます
    [bold] `bold`。計測した基準ほど確かでなくても名前を言います。「知らない人」は減り、間違いが増えます
   *[default] `default`。前回の再学習で計測した基準に達したら名前を言います
}。
settings-threshold-percent = 今は { $percent }% 以上のときです。
settings-quorum = **一致** (`quorum`)： { $members ->
    [1] メンバー1人の意見だけで名前を信用します
   *[other] メンバー { $members } 人の意見が一致したら名前を信用します。モデレーターなら1人で十分です
}。
settings-roles = **モデレーター** (`roles`)： 「サーバー管理」の権限がある人{ $count ->
    [0] です。ほかにロールも選べます。
   *[other] と、{ $roles } です。このロールの人にモデレーター用のスラッシュコマンドが表示されるのは、「サーバー設定」の「連携サービス」で許可してからです。文字で書くコマンドはすぐに使えます。
}
settings-language = **言語** (`language`)： { $language ->
    [ja] 日本語
   *[en] 英語
}。
settings-consent = **学習** (`consent`)： { $consent ->
    [ask] `ask`。学習のために画像の一部を保存する前に、一度だけ本人に聞きます
    [given] `given`。聞かずに顔を保存して学習します。`privacy` で断った人の画像は使いません
   *[never] `never`。ここに投稿された画像からは学習せず、新たに保存することもありません
}。
settings-reports = **報告** (`reports`)： 自動で再学習し、結果を { $channel } でお知らせします。
settings-reports-nowhere = **報告** (`reports`)： 自動で再学習し、結果はどこにもお知らせしません。
settings-watched = **見守るチャンネル**： { $count ->
    [0] ありません。チャンネルで `{ $prefix }watch` と書くと、そこのすべての画像に答えます。
   *[other] { $channels }{ $more ->
        [0] { "" }
       *[other] 、ほか { $more } チャンネル
    }
}
settings-as-operator = （運営者の設定どおり）
settings-as-discord = （Discordのサーバー設定どおり）
settings-accepted = **{ $setting }** に使えるのは次のどれかです： { $choices }
settings-quorum-accepted = **quorum** には、1から { $most } までの人数か `default` を指定してください。
settings-roles-everyone = @everyone は全員のロールです。モデレーターだけが持つロールを選んでください。
settings-roles-too-many = ロールは { $most } 個まで選べます。

# メニューの中（100文字まで）
settings-menu-strict = 名前： 厳しめ（間違いを減らす）
settings-menu-measured = 名前： 計測した基準どおり
settings-menu-bold = 名前： 大胆（確かでなくても言う）
settings-menu-quorum = 一致： メンバー { $members } 人
settings-menu-quorum-default = 一致： メンバー { $members } 人（既定）
settings-menu-language-default = 言語： Discordの設定どおり
settings-menu-never = 学習： ここからは学習しない
settings-menu-consent-default = 学習： { $consent ->
    [ask] 一度だけ聞く
    [given] 聞かずに学習する
   *[never] 学習しない
}（既定）
settings-roles-choose = モデレーター： ロールを選ぶ
