# Only the tests' own computations use pandas; its annotations answer most questions with a dozen types.
from typing import Any

def __getattr__(name: str) -> Any: ...
