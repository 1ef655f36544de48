"""What was done, kept in a file of the user's and written as it happens."""
