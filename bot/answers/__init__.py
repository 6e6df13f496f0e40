"""What an answer says and shows: its lines (`describing.py`) and its labelled pictures (`labelling.py`)."""
