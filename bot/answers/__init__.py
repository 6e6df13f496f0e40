"""What an answer says and shows: lines (`describing.py`), labelled pictures (`labelling.py`), changes (`update.py`)."""
