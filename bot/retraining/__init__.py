"""From examples to a published version, and back: `cog.py` in chat, then `run.py`; going back is `versions_cog.py`."""
