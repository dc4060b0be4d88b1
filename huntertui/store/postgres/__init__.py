"""A store in a PostgreSQL database, or in one that understands the same.

Documents are kept in all their versions (schema.sql), so the state after any change can be read while others
write on. What the seam promises is the work of `tiny.TinyStore`; here is only what it stands on.
"""
