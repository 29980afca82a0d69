"""Conditions are tested on the databases that the tests of the store make."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_SPEC = spec_from_file_location(
    "databases_of_tests", Path(__file__).parent.parent / "store/conftest.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
_DATABASES = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_DATABASES)

postgresql_server = _DATABASES.postgresql_server
postgresql_template = _DATABASES.postgresql_template
sqlite_template = _DATABASES.sqlite_template
database_url = _DATABASES.database_url
store = _DATABASES.store
