"""Versions of a classifier: published whole or not at all (`registry.py`), carried as one file (`exchange.py`)."""
