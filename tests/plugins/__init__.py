"""What a test run needs of the machine: a database, a browser, a running Torvet, and words about what was missing."""
