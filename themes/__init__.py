"""First-party themes. A theme is data: `theme.toml`, templates, static files, catalogues."""
