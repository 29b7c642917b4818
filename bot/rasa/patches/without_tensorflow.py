"""Rasa as ever, without TensorFlow: `python -m bot.rasa.patches.without_tensorflow run …`, not `python -m rasa run …`.

No component of ours uses TensorFlow, yet serving imports it, for four names that only training needs: most of the
time of a start, and 300 MB. Here three of Rasa's modules are empty but for those names, and `import tensorflow`
fails: a model that does need it is not loaded, and the log says why. Written for one version of Rasa; any other starts
as ever.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from types import ModuleType

RASA = "3.6.21"
# What rasa.utils.train_utils imports, and uses when it trains a TensorFlow model.
EMPTIED = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    # Checks a configuration before training; a model names it, and serving only looks the name up.
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
}


def leave_tensorflow_out() -> bool:
    """Have Rasa, which must not be imported yet, do without TensorFlow; whether that is done."""
    if version("rasa") != RASA or "rasa.utils.train_utils" in sys.modules:
        return False
    for name, classes in EMPTIED.items():
        module = ModuleType(name)
        vars(module).update({each: type(each, (), {}) for each in classes})
        sys.modules[name] = module
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # how Python is told that an import fails
    return True


def main() -> None:
    """Do what `rasa` does with the same words."""
    leave_tensorflow_out()
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
