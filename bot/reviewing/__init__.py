"""Moderators are asked who the faces are that would teach most, and which look wrong. Begin with `cog.py`."""
