"""A Mattermost server, from its bulk export to spaces, posts and comments."""
