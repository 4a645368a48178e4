"""What AWS charges: rates by meter, region and day."""
