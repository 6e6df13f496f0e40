"""Faces: found (`detector.py`), judged (`verifier.py`), cut out (`crops.py`), kept to learn from (`samples.py`)."""
