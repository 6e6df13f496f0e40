# 断る理由。英語の文は、それぞれのエラーを出すコードにあります。
refusal-empty = ファイルが空です。アップロードが途中で切れたのかもしれません。JPEG・PNG・WebP・GIF・AVIF・HEICのいずれかでもう一度送ってください。
refusal-not-a-picture = { $seems ->
    [video] これは動画のようです。
    [sound] これは音声か動画のようです。
    [archive] これは圧縮ファイルのようです。
    [pdf] これはPDFのようです。
    [page] これはウェブページのようです。
   *[unknown] このファイルからは画像を読み取れませんでした。
}読めるのは画像だけです。スクリーンショットなどを、JPEG・PNG・WebP・GIF・AVIF・HEICのいずれかで送ってください。
refusal-unsupported-format = { $kind } 形式の画像は読めません。JPEGかPNGで保存し直して送ってください。
refusal-damaged = この { $kind } ファイルは壊れているか、途中で切れています。開いてJPEGかPNGで保存し直し、もう一度送ってください。
refusal-too-many-pieces = この { $kind } ファイルは細切れになりすぎています。開いてJPEGかPNGで保存し直し、もう一度送ってください。
refusal-too-many-bytes = このファイルは { $size } MBです。読めるのは { $limit } MBまでです。小さくするか、JPEGで保存して送ってください。
refusal-too-many-pixels = この画像は { $width } × { $height } ピクセルです。見られるのは{ $bound ->
    [side] 一辺 { $limit } ピクセル
    [stored] このような { $stored } では { $limit } メガピクセル
   *[area]  { $limit } メガピクセル
}までです。縮小するか、顔の部分だけを切り取るか、普通のJPEGかPNGで保存し直して送ってください。
refusal-too-small = この画像は { $width } × { $height } ピクセルしかなく、顔を見分けるには小さすぎます。{ $min_side } × { $min_side } ピクセル以上の元の画像を送ってください。
refusal-picture-too-slow = 時間がかかりすぎたので、この画像はあきらめました。もう少し小さい画像でお試しください。
refusal-picture-too-much = すみません、この画像は処理しきれませんでした。保存し直したものでお試しください。
refusal-busy = 今は混み合っています。{ $whose ->
    [person] あなたの画像
    [server] このサーバーの画像
   *[everybody] 画像
}の順番待ちがいっぱいなので、これより後の分は見送ります。{ $minutes ->
    [0] { $seconds }秒
   *[other] { $minutes }分
}ほどしたら、もう一度投稿してください。
refusal-stopping = いま停止するところです。戻ってきたら、もう一度お試しください。
refusal-no-workers = いまマシンが混み合っていて画像を見られません。数分後にもう一度お試しください。
refusal-workers-away = 画像を見るマシンにつながりません。数分後にもう一度お試しください。
refusal-no-room = ディスクの空きが { $left } MBしかなく、これには { $needed } MB必要です。私の運営者に空きを作ってもらってください。
refusal-database-busy = データベースが使用中です。少し待ってからもう一度お試しください。
refusal-bad-name = 名前には見える文字が1文字以上必要で、{ $limit } 文字までです。
refusal-own-word = 「{ $name }」は、知らない人を私がそう呼ぶ言葉なので、キャラクターの名前にはできません。
refusal-too-many-names = ここで覚えられる名前は { $limit } までで、もういっぱいです。いらないキャラクターはモデレーターが削除できます。
refusal-too-many-examples = 一つのサーバーで学習用に残せる顔は { $limit } 枚までで、このファイルを足すと超えます。`/knowledge remove` で別のファイルの分を忘れさせられます。
refusal-no-such-face = その顔（{ $face_id }）のことは、もう覚えていません。
refusal-no-guess = 顔 { $number } は名前が分かりませんでした。誰なのか教えてください。
refusal-already-taken-back = その訂正は、もう取り消されています。
refusal-no-consent = 投稿した人から、学習に使うことへの同意をもらっていません。
refusal-unsettled = それが誰なのか、まだ決まっていません。
refusal-no-such-version = { $name } というバージョンはありません。{ $known ->
    [none] まだ一つもないからです。
   *[other] あるのは { $known } です。
}
refusal-damaged-version = バージョン { $name } は壊れているので使えません（{ $why }）。何も削除せず、脇に置いてあります。
refusal-no-earlier-version = これより前のバージョンはありません。
refusal-already-retraining = 再学習はもう始まっています。終わるまでお待ちください。
refusal-nothing-new = 新しく学ぶことはありません。確認された顔は { $version } がすべて覚えているので、そのままにします。
refusal-nothing-to-learn = まだ学べるものがありません。顔を訂正するか、画像のフォルダーを取り込んでください。名前は、モデレーターが言うか、十分な人数が一致すると有効になります。
refusal-no-tensorflow = 再学習に必要なTensorFlowが、ボットを動かしている環境に入っていません。運営者が `pip install 'koredare[train]'` で入れられます。それまでは、これまでのバージョンと、皆さんに教わったことで答えます。
refusal-overtaken = その間に別のバージョンに替わったので、今回の結果は捨てました。もう一度再学習してください。
refusal-retraining-too-long = 再学習に { $minutes } 分以上かかったので、中止しました。
refusal-retraining-too-large = 再学習に { $megabytes } MBを超えるメモリが必要になり、中止しました。これまでのバージョンのままです。運営者は設定の [retraining] の `megabytes` で増やせます。
refusal-retraining-failed = 再学習に失敗しました（{ $said }）。これまでのバージョンのままです。
