"""Somebody says who a face is: by reaction, button, menu or in words. Begin with `cog.py`, then `correct.py`."""
