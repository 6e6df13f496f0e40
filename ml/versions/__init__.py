"""Versions of a classifier: each a sealed folder (`version.py`), published whole or not at all (`registry.py`)."""
