"""What moderators choose for their server. Begin with `cog.py`; every choice is in `choosing.py`."""
