"""The process that trains, from outside."""

import subprocess
import sys

PROGRAM = """
import sys
import ml.training.process
looking = {"ml.recognizer", "ml.faces.detector", "ml.cascades", "ml.naming.embedder", "ai_edge_litert"}
loaded = looking & sys.modules.keys()
assert not loaded, loaded
"""


def test_it_learns_from_embeddings_and_loads_nothing_that_looks_at_pictures() -> None:
    assert subprocess.run([sys.executable, "-c", PROGRAM], check=False).returncode == 0
