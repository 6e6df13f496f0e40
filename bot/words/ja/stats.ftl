# このサーバーでの成績と、手伝ってくれた人
stats-done = ここでは画像 { $pictures } 枚に答え、訂正は { $corrections } 件が有効です。キャラクター { $characters } 人を、顔 { $examples } 個から学べます。
stats-no-version = まだ再学習していません。顔を訂正すれば、すぐに反映します。どれくらい当たるかは再学習で測ります。
stats-weak = { $version } でテスト用の顔のうち、**まだ苦手**なのは次のとおりです： { $characters }。この人たちの画像を訂正してもらえると、いちばん役に立ちます。
stats-weak-character = { $name }（{ $total } 個中 { $right } 個正解）
stats-none-weak = { $version } は、テスト用の顔 { $faces } 個すべてに正しく答えました。
stats-few = **画像が少なくて計測できない**キャラクターが { $count } 人います： { $characters }。
stats-few-character = { $name }（顔 { $faces } 個）
stats-helpers = **よく手伝ってくれた人**： { $helpers }。
stats-helper = { $who }（正しく教えた顔 { $faces } 個）
stats-no-helpers = **よく手伝ってくれた人**： 名前を出してよいと言った人はまだいません。
stats-join-label = 名前を出してよい
stats-leave-label = 名前を出さない
stats-joined = あなたが教えた顔の名前が確かめられたら、よく手伝ってくれた人としてここに名前を出します。`stats leave` で取り消せます。
stats-left = ここにあなたの名前は出しません。`stats join` で変えられます。
