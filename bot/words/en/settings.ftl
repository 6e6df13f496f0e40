# Channels that are watched.
watching = From now on I answer every picture in { $channel }.
watching-already = As before, I answer every picture in { $channel }.
watching-ended = From now on I answer pictures in { $channel } only when asked.
watching-never = I was not watching: I answer pictures in { $channel } only when asked.
