"""The theme claro: a calm magazine and blog."""
