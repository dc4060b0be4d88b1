"""The full-screen workday. Only this package imports Textual."""
