"""Everything back out, in forms that other systems read. Reads and writes files only; no table is written."""
