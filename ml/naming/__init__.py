"""Naming: a face becomes a vector (`embedder.py`), a vector a name or nobody's (`classifier.py`)."""
