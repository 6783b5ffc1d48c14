"""What tests are about: one file a room. Everything is made through the rooms' own actions."""
