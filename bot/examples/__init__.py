"""A face becomes an example: from a post whose poster agreed (`from_posts.py`), or from a folder (`from_folder.py`)."""
