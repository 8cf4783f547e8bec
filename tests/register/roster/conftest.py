import pytest

from sync.register.schools.schools import SchoolRecord, load_school
from sync.register.storage.database import Database
from sync.wire import School
from tests.register.roster.support import SCHOOL


@pytest.fixture
def school(database: Database) -> Database:
    """A register with a school that has no pupils yet."""
    with database.write() as session:
        record = SchoolRecord(school=School(id=SCHOOL, name="Oak Lane School"), card_key="0b" * 32, policy={})
        load_school(session, record)
    return database
