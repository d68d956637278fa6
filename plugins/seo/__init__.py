"""What search engines and networks are told: titles, sitemaps, redirects, structured data."""
