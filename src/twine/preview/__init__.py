"""The page of a release, as it will look, before the release is public."""
