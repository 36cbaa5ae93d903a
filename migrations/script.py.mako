<%!
import re


def plain(code):
    """The operations without the remarks that Alembic puts around them."""
    return re.sub(r"\s*# ### .* ###", "", code).strip() or "pass"
%>\
"""${message[:1].upper()}${message[1:].rstrip(".")}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${plain(upgrades or "")}


def downgrade() -> None:
    ${plain(downgrades or "")}
