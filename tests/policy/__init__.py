"""Rules of this repository that no ordinary linter knows."""
