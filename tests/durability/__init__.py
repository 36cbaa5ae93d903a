"""What was acknowledged is kept: the shipped server is killed, its disk fails, its schema moves on."""
