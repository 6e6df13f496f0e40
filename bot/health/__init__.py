"""How the bot is, over HTTP, for whoever watches it: `cog.py` opens the page, `state.py` looks, `server.py` answers."""
