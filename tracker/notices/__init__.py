"""What people are told: the inbox, the mails that carry it, and the jobs that send them."""
