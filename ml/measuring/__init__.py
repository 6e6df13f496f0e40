"""Measuring: how well labelled faces are named (`judged.py`, `scores.py`), and the charts that show it."""
