"""Training: from examples to a measured version. Begin with `process.py`; `fit.py` trains, `gate.py` decides."""
