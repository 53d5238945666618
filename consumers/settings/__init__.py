"""What an operator can set: default < `screening.toml` < environment < flags, every fault at once."""

from consumers.settings.model import (
    LoggingSettings,
    LogSettings,
    RescreenSettings,
    RunSettings,
    Setting,
    SettingRow,
    Settings,
    StoreSettings,
    WatchlistSettings,
    all_settings,
    describe,
)
from consumers.settings.sources import DEFAULT_FILE, SettingsError, load_settings, read_settings
from consumers.settings.urls import MASK, KafkaBrokers, SqliteFile, log_place, mask_url

__all__ = [
    "DEFAULT_FILE",
    "MASK",
    "KafkaBrokers",
    "LogSettings",
    "LoggingSettings",
    "RescreenSettings",
    "RunSettings",
    "Setting",
    "SettingRow",
    "Settings",
    "SettingsError",
    "SqliteFile",
    "StoreSettings",
    "WatchlistSettings",
    "all_settings",
    "describe",
    "load_settings",
    "log_place",
    "mask_url",
    "read_settings",
]
