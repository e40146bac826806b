#!/usr/bin/env python3
"""read_files.py FOLDER: Python opens what nn::save wrote there (files_test.cpp), by key, as NumPy and as the safetensors format."""
import json
import struct
import sys
from pathlib import Path

import numpy

EXPECTED = {
    "hidden.weight": numpy.arange(6, dtype=numpy.float64).reshape(2, 3) / 8,
    "hidden.bias": numpy.array([0.5, -0.5]),
    "out.weight": numpy.array([[1.0, 2.0]]),
    "out.bias": numpy.array([3.0]),
    "scale": numpy.array(2.5),
    "nothing": numpy.zeros((0, 3)),
}


def read_safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    assert length % 8 == 0, "the data is not aligned"
    header = json.loads(data[8 : 8 + length])
    del header["__metadata__"]
    body = memoryview(data)[8 + length :]
    return {
        name: numpy.frombuffer(body[slice(*t["data_offsets"])], {"F32": "<f4", "F64": "<f8"}[t["dtype"]]).reshape(t["shape"])
        for name, t in header.items()
    }


def check(found):
    assert list(found) == list(EXPECTED), list(found)
    for name, expected in EXPECTED.items():
        assert found[name].dtype == expected.dtype and found[name].shape == expected.shape, name
        assert (found[name] == expected).all(), name


folder = Path(sys.argv[1])
check(dict(numpy.load(folder / "for_python.npz")))
check(read_safetensors(folder / "for_python.safetensors"))
print("both files are as they should be")
