# pyarrow makes most of its functions when it is loaded, so that no checker can see them.
from typing import Any

def __getattr__(name: str) -> Any: ...
