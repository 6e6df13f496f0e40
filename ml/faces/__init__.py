"""Faces: found (`detector.py`, `looks.py`), judged (`verifier.py`), cut out (`crops.py`), kept (`samples.py`)."""
