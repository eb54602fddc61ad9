import cProfile, pstats
import pytest
from datetime import date
import tests.notices.test_run_clock as m
small = m.small
pytestmark = pytest.mark.django_db
def test_dump(small):
    pr = cProfile.Profile(); pr.enable()
    told = m.run_days(date(2026,9,1), date(2026,10,15))
    pr.disable()
    open("/tmp/wtC.year","w").write("\n".join(f"{e.at[:16]} {e.person.split('@')[0]} {e.kind}: {e.title} [{e.rule}] {e.way} {e.mailed_at}" for e in told))
    with open("/tmp/wtC.prof","w") as f:
        pstats.Stats(pr, stream=f).sort_stats("cumulative").print_stats(70)
