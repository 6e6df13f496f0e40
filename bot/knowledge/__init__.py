"""What a server taught, out and in again as one file. Begin with `cog.py`; the file is `archive.py`."""
