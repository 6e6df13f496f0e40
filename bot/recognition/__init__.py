"""Recognition off the event loop: what is asked (`pool.py`), of which processes, and what runs in one (`worker.py`)."""
