"""How people prove who they are, beside a password: codes of an app, recovery codes, passkeys; and proving it again."""
