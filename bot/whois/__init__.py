"""A posted picture is answered. Begin with `cog.py`, then `answering.py`."""
