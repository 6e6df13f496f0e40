"""Files made to hurt: costly ones (`costly.py`), broken ones (`broken.py`), and what must come of them."""
