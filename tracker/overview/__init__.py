"""What concerns one person across all rooms: home, search, the whole trail."""
