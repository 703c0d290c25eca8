"""Papers: Word files from templates that an office edits itself, and their print as PDF. Pure; no Django, no database.

A paper is a template of the district (`districts/<d>/papers/CODE.docx`) filled with plain values. What is not known is
a `Blank`: it reads 【待填】 in the paper and is told by name, never invented.
"""
