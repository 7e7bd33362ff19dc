"""The archive of a mailing list, from one file of mail to a forum."""
