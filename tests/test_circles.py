"""No module imports itself through others; an import under `TYPE_CHECKING` counts like any other.

The contract `circles` in pyproject.toml looks at folders and files side by side. It misses a folder whose
`__init__.py` imports a file that imports the folder: this test looks at every module.
"""

from graphlib import TopologicalSorter

import grimp

PACKAGES = ("attendance", "hardware", "kiosk", "sync", "demo", "bench")


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=False, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 300
    TopologicalSorter(imports).prepare()  # raises CycleError, with the circle
