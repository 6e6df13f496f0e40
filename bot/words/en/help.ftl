# What the bot says of itself.
help-what-i-do = I name the anime faces in pictures. Post one in a channel that I watch, mention me with one, or use `/whois`.
help-correct = Was I wrong? Press **Correct…** below my answer, react with ✅ ❌ 🚫, or reply to it, like this: `2 is Riko`.
help-everyone = **For everyone**
help-moderators = **For moderators**
help-line = `{ $command }` { $description }
help-more = `{ $command }` explains one of them. All work with a slash as well.
help-usage = `{ $usage }`
help-for-moderators = Only moderators may use it.
help-option = · **{ $name }** { $description }
help-parts = It has these parts:
help-unknown = I have no command **{ $name }**. `/help` shows all of them.
