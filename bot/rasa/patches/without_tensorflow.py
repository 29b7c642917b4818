"""Rasa as ever, without TensorFlow, which is not installed: `python -m bot.rasa.patches.without_tensorflow train …`.

No component of ours uses TensorFlow, yet Rasa imports it, for components that others use and for what trains them; it
would be 1.8 GB of the environment, most of the time of a start, and 300 MB of memory. Here the modules of Rasa's that
need it are empty but for the names that the others import from them. scripts/setup.sh has every Python of the
environment do the same (duanka.pth), so that a plain `rasa shell` is one too. Written for one version of Rasa; any
other is left as it is, and says what it lacks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType, ModuleType

from bot.rasa.patches.version import RASA

# What is imported from the modules that import TensorFlow, and from the two that show how a training goes.
EMPTIED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rasa.core.policies.ted_policy": ("TEDPolicy",),
        "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
        "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
        "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
        "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
        "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    }
)


class _Emptied(MetaPathFinder, Loader):
    """Makes those modules, when somebody imports one."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to make a module of ours; None for any other."""
        return ModuleSpec(name, self) if name in EMPTIED and _is_ours() else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the names in."""
        vars(module).update({each: _lacking(each) for each in EMPTIED[module.__name__]})


def _lacking(name: str) -> type:
    """Return a class of that name which says, when Rasa wants to use it, what it lacks."""

    def refuse(*_: object, **__: object) -> None:
        raise ModuleNotFoundError(f"{name} needs TensorFlow, which is not installed: {__name__}")

    return type(name, (), {each: staticmethod(refuse) for each in ("__init__", "create", "load", "get_default_config")})


def leave_tensorflow_out() -> None:
    """Have Rasa, once it is imported, do without TensorFlow; done twice, it is done once."""
    if not any(isinstance(each, _Emptied) for each in sys.meta_path):
        sys.meta_path.insert(0, _Emptied())


def _is_ours() -> bool:
    try:
        return version("rasa") == RASA
    except PackageNotFoundError:
        return False


def main() -> None:
    """Do what `rasa` does with the same words."""
    leave_tensorflow_out()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
