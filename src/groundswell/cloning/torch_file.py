"""Reads the arrays of a PyTorch file of the format before 1.6, without PyTorch.

The format (``torch.serialization._legacy_load``) is a row of pickles (magic number, protocol
version, system information, the object, the keys of its storages), then for each storage its
element count in eight bytes and its elements. Tensors in the object point at storages by
persistent ids. Only what tensors are made of is unpickled; anything else is refused.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import numpy as np
from numpy.typing import NDArray

from groundswell.errors import ModelUnavailable

_MAGIC = 0x1950A86A20F9469CFC6C
_TYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class _Storage:
    """A run of elements, filled in after the object that points at it was read."""

    def __init__(self, kind: str) -> None:
        self.dtype = np.dtype(_TYPES[kind])
        self.values: NDArray[Any] = np.empty(0, self.dtype)


class _Tensor:
    def __init__(self, storage: _Storage, offset: int, size: tuple[int, ...]) -> None:
        self._storage, self._offset, self._size = storage, offset, size

    def array(self) -> NDArray[Any]:
        count = int(np.prod(self._size))
        return self._storage.values[self._offset : self._offset + count].reshape(self._size)


def _tensor(storage: _Storage, offset: int, size: tuple[int, ...], *_: object) -> _Tensor:
    return _Tensor(storage, offset, size)


class _Unpickler(pickle.Unpickler):
    _ALLOWED: ClassVar[dict[tuple[str, str], Callable[..., Any] | str]] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _tensor,
        **{("torch", kind): kind for kind in _TYPES},
    }

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a tensor") from None

    def persistent_load(self, pid: Any) -> _Storage:
        _, kind, key, *_ = pid
        return self.storages.setdefault(key, _Storage(kind))


def read_state(path: Path, entry: str) -> dict[str, NDArray[Any]]:
    """Read the tensors of one state dictionary in a PyTorch file, by name.

    Raises:
        ModelUnavailable: the file is missing, or no such file.
    """
    try:
        with path.open("rb") as file:
            if _Unpickler(file).load() != _MAGIC:
                raise ModelUnavailable(path, "damaged: no PyTorch file of the old format")
            for _ in ("protocol version", "system information"):
                _Unpickler(file).load()
            reader = _Unpickler(file)
            found = reader.load()[entry]
            for key in _Unpickler(file).load():
                storage = reader.storages[key]
                count = int.from_bytes(file.read(8), "little")
                data = file.read(count * storage.dtype.itemsize)
                storage.values = np.frombuffer(data, storage.dtype, count)
            return {name: tensor.array() for name, tensor in found.items()}
    except OSError as error:
        raise ModelUnavailable(path, error.strerror or "cannot be read") from error
    except (pickle.UnpicklingError, EOFError, LookupError, ValueError, TypeError) as error:
        raise ModelUnavailable(path, f"damaged: {error}") from error
