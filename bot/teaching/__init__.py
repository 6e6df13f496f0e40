"""Somebody teaches characters with pictures or a ZIP of them. Begin with `cog.py`, then `lessons.py`, `teach.py`."""
