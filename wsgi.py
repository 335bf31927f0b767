"""What gunicorn serves: the application, refused when its database or keys are not fit to take a report."""

from mystery_shopper.app import create_app
from mystery_shopper.readiness import assert_ready

app = create_app()
assert_ready(app)
