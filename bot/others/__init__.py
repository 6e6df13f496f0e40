"""The other processes of the bot, where several share a database, and what one of them does for all: see `cog.py`."""
