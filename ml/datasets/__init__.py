"""Labelled folders: read and written (`folders.py`), and the classic steps: crop, resize, split."""
