"""The application for any WSGI server, set up by the ``TRACKER_*`` variables.

``tracker serve`` does not need this file; it also migrates, seeds the demo and guards the data.
"""

from __future__ import annotations

from tracker import create_app

app = create_app()
