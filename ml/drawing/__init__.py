"""Drawing: labelled boxes on a picture (`labelled.py`), and the sheet that charts are drawn on (`sheet.py`)."""
