"""Faces: found (`detector.py`, in the order of `looks.py`), judged (`verifier.py`), cut out (`crops.py`), kept to learn from (`samples.py`)."""
