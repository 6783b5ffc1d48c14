"""What independent programs say of the finished pages: the W3C's checker and Lighthouse."""
