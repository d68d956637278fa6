"""The theme clinica: a clinic's front desk, on the frame of claro."""
