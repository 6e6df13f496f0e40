"""What an operator may choose: one TOML file, checked when it is read. Begin with `tables.py`: the settings."""

from bot.config.tables import ConfigError, Settings, load_settings

__all__ = ["ConfigError", "Settings", "load_settings"]
