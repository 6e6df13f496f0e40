"""Reviewing: which faces teach most (`asking.py`), and how they are shown."""
