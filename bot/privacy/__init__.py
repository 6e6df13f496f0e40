"""A person's say over what is kept of them: consent, forgetting, retention. Begin with `cog.py`."""
