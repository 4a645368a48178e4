"""Arithmetic: formulas written once and read as numbers, as text or as a program. It knows no AWS."""
