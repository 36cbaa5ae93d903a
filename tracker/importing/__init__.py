"""What comes in from files: read, tidied, compared with what stands, and only then written."""
