"""What gunicorn serves: the application, refused when its database or keys are not fit to take a report.

With several workers start gunicorn with --preload: they then share the key under which tries are counted (web/limits).
"""

from mystery_shopper.app import create_app
from mystery_shopper.readiness import assert_ready

app = create_app()
assert_ready(app)
