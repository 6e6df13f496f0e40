"""Pictures in: bytes from anyone to an upright RGB array (`reading.py`), or a refusal in words."""
