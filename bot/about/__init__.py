"""What the bot can do, and how well it does: `!help` and `!stats`. Begin with `help_cog.py`."""
