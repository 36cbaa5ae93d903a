"""Who there is: units, partners, people, their calendars, how they sign in, and the organisation's own settings."""
