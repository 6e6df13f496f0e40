"""How well characters that were not learned are told apart, while a network learns."""

import numpy as np

from ml.pretraining.held_out import named_by_means


def test_characters_with_too_few_faces_are_left_out() -> None:
    axes = np.eye(3, dtype=np.float32)
    vectors = np.concatenate([np.tile(axes[0], (8, 1)), np.tile(axes[1], (7, 1)), np.tile(axes[2], (2, 1))])
    labels = np.array([0] * 8 + [1] * 7 + [2] * 2)
    assert named_by_means(vectors, labels, shots=5, seed=0) == 1.0
