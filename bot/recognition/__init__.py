"""Recognition off the event loop: what is asked (`pool.py`), of which processes, and what runs in one (`worker.py`).

The processes are this machine's (`processes.py`), or a cluster's (`cluster.py`, and on its workers `elsewhere.py`).
"""
