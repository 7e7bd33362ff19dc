"""A Slack workspace: people, channels and years of talk from its export."""
