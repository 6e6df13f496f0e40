"""Who is known in a server: pages to look at, and changes of names. Begin with `cog.py`."""
