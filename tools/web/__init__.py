"""The guarded way to the open web: pages, PDFs, links and sitemaps."""
