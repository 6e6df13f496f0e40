"""Recognition off the event loop: whose turn it is (`queue.py`), what is asked (`pool.py`), what does it (`worker.py`).

It runs in processes of this machine (`processes.py`) or of a cluster (`cluster.py`, and on its workers `elsewhere.py`).
"""
