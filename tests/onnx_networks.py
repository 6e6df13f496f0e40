"""Networks in ONNX files, small enough to be made where a test needs one."""

from typing import Any, Literal

import numpy as np
import pytest

VECTOR = 192  # values of `pooled` at 64 pixels


def pooled(
    *,
    size: int | str = 64,
    pictures: int | str = "n",
    layout: Literal["NCHW", "NHWC"] = "NCHW",
    half: bool = False,
    outputs: tuple[str, ...] = ("vector",),
) -> bytes:
    """A network that gives the mean colours of 8 × 8 pixels each, of 64 × 64; its outputs may be "vector" and "map".

    `size`, `pictures`: numbers, or names where the file leaves them open.
    """
    onnx: Any = pytest.importorskip("onnx")
    kind = onnx.TensorProto.FLOAT16 if half else onnx.TensorProto.FLOAT
    make = onnx.helper
    sides = [3, size, size] if layout == "NCHW" else [size, size, 3]
    nodes = [
        make.make_node("AveragePool", ["channels"], ["map"], kernel_shape=[8, 8], strides=[8, 8]),
        make.make_node("Flatten", ["map"], ["colours"]),
        make.make_node("MatMul", ["colours", "weights"], ["vector"]),
    ]
    order = [0, 1, 2, 3] if layout == "NCHW" else [0, 3, 1, 2]
    nodes.insert(0, make.make_node("Transpose", ["pixels"], ["channels"], perm=order))
    shapes = {"vector": [pictures, "values"], "map": [pictures, 3, "high", "wide"]}
    graph = make.make_graph(
        nodes,
        "pooled",
        [make.make_tensor_value_info("pixels", kind, [pictures, *sides])],
        [make.make_tensor_value_info(name, kind, shapes[name]) for name in outputs],
        [onnx.numpy_helper.from_array(np.eye(VECTOR, dtype=np.float16 if half else np.float32), "weights")],
    )
    opset = make.make_opsetid("", 17)
    return bytes(make.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString())
