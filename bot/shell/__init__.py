"""The command line: every command is in `commands.py`, what it does in the module of its name."""
