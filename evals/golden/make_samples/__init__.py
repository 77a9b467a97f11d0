"""Makes the fictional sample reports and the golden truth about them.

The content of each report is a YAML file in `content/`; figures stand there once, as facts, and
are printed into tables, tiles and sentences from there, so that the golden truth is known by
construction. Run `python -m evals.golden.make_samples` after changing content.
"""
