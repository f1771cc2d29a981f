"""Runs Rasa's command line without loading TensorFlow.

Rasa 3.6 imports every component it ships when it starts, and with them TensorFlow: most of its
start-up time and half of its memory, for components that our pipeline does not hold. Here the
modules that need TensorFlow are replaced, before Rasa is imported, by empty ones whose names are
placeholders. A pipeline that names such a component is told that it does not exist; everything
else is Rasa as it is. ``python -m bot.engine.lean train`` is ``rasa train``, and so on; plain
``rasa`` works too, only slower.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

NEEDS_TENSORFLOW = frozenset(
    {
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.nlu.selectors.response_selector",
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.utils.train_utils",
        "rasa.utils.tensorflow.callback",
        "rasa.utils.tensorflow.crf",
        "rasa.utils.tensorflow.data_generator",
        "rasa.utils.tensorflow.environment",
        "rasa.utils.tensorflow.layers",
        "rasa.utils.tensorflow.layers_utils",
        "rasa.utils.tensorflow.metrics",
        "rasa.utils.tensorflow.models",
        "rasa.utils.tensorflow.rasa_layers",
        "rasa.utils.tensorflow.transformer",
        "rasa.utils.tensorflow.types",
    }
)


class _Placeholder(ModuleType):
    """A module that has every public name, each an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stand_in = type(name, (), {"__module__": self.__name__})
        setattr(self, name, stand_in)
        return stand_in


class _WithoutTensorFlow(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in NEEDS_TENSORFLOW:
            return importlib.machinery.ModuleSpec(fullname, self)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Placeholder(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the names appear when they are asked for."""


def leave_out_tensorflow() -> None:
    """Install the placeholders; must come before Rasa's first import."""
    if any(name in sys.modules for name in NEEDS_TENSORFLOW):
        raise RuntimeError("Rasa is imported already: leave_out_tensorflow() comes too late")
    if not any(isinstance(finder, _WithoutTensorFlow) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutTensorFlow())


def main() -> None:
    """Rasa's own command line, lean."""
    leave_out_tensorflow()
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
