"""Documents to files: a workbook, a page to sign, CSV and JSON."""
