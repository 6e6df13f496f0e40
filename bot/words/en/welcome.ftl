# The first message in a server.
welcome-hello = **Hello! I say who the anime characters in a picture are, and learn from being corrected.** Mention me with a picture, or in reply to one; or use `/whois`. Is a name wrong, or do I not know one? Press Correct… below my answer.
welcome-teach = To teach me somebody: `{ $prefix }teach Riko` with up to ten pictures. Moderators teach many at once: `{ $prefix }teach` with a ZIP that has a folder of pictures for each.
welcome-setup = Moderators set me up with these buttons; `{ $prefix }setup` shows them again, `{ $prefix }help` what else I can do. Of nobody's pictures do I keep anything before they agree.
welcome-watched = I answer pictures by myself in { $channels }.
welcome-step = { $step ->
    [watch] Answer pictures here
    [language] Language
    [roles] Who moderates
   *[consent] How I learn
}
