"""All that a data folder knows, as one file (`backup.py`), and back (`restoring.py`); what is in it: `contents.py`."""
