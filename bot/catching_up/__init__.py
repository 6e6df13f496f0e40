"""What was posted and said while the bot was away is heard afterwards, once: begin with `cog.py`."""
