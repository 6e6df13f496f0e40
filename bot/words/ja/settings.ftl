# 見守るチャンネル
watching = これからは { $channel } に投稿されたすべての画像に答えます。
watching-already = これまでどおり { $channel } に投稿されたすべての画像に答えます。
watching-ended = これからは { $channel } では、聞かれたときだけ画像に答えます。
watching-never = { $channel } は見守っていませんでした。聞かれたときだけ画像に答えます。
