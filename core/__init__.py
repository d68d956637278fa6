"""The frame of Vitral: tenancy, hooks, content and the three faces. No healthcare word lives here."""
