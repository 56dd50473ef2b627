"""The engine room: storage, events, jobs and the web's plumbing, with no noun of the shop in it."""
