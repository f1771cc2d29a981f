"""Runs Rasa's command line without what this desk never uses, TensorFlow above all.

Rasa 3.6 imports every component and channel it ships when it starts: most of its start-up time and
more than half of its memory, for things that our configuration does not name. Here their modules
are replaced, before Rasa is imported, by empty ones whose names are placeholders. A pipeline that
names such a component is told that it does not exist; everything else is Rasa as it is.
``python -m bot.engine.lean train`` is ``rasa train``, and so on; plain ``rasa`` works too, only
slower.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

_COMPONENTS = frozenset(
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
        "rasa.utils.tensorflow.model_data",
        "rasa.utils.tensorflow.model_data_utils",
        "rasa.utils.tensorflow.models",
        "rasa.utils.tensorflow.rasa_layers",
        "rasa.utils.tensorflow.transformer",
        "rasa.utils.tensorflow.types",
    }
)
"""What needs TensorFlow, or prepares data for what does."""

_CHANNELS = frozenset(
    f"rasa.core.channels.{name}"
    for name in (
        "botframework",
        "callback",
        "facebook",
        "hangouts",
        "mattermost",
        "rasa_chat",
        "rocketchat",
        "slack",
        "socketio",
        "telegram",
        "twilio",
        "twilio_voice",
        "webexteams",
    )
)
"""The desk's channels are its gateway's; Rasa's check signatures weakly or not at all."""

LEFT_OUT = _COMPONENTS | _CHANNELS


class _Placeholder(ModuleType):
    """A module that has every public name, each an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        # Rasa lists its channels by the name that each class gives itself.
        own_name = classmethod(lambda cls: str(cls.__name__))
        stand_in = type(name, (), {"__module__": self.__name__, "name": own_name})
        setattr(self, name, stand_in)
        return stand_in


class _Without(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in LEFT_OUT:
            return importlib.machinery.ModuleSpec(fullname, self)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Placeholder(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: the names appear when they are asked for."""


def leave_out_what_is_not_used() -> None:
    """Install the placeholders; must come before Rasa's first import."""
    if any(name in sys.modules for name in LEFT_OUT):
        raise RuntimeError("Rasa is imported already: this comes too late")
    if not any(isinstance(finder, _Without) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Without())


def main() -> None:
    """Rasa's own command line, lean."""
    leave_out_what_is_not_used()
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
