"""The first message in a server: what the bot does, and buttons to set it up. All of it is in `cog.py`."""
