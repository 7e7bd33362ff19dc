"""Django settings, made from the options in options.py. Nothing here reads the environment by itself."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from torvet.config.options import Options

options = Options()
PACKAGE = Path(__file__).resolve().parent.parent
DATA = options.data
DEBUG = options.is_on("DEBUG")
TORVET_URL = options.text("URL").rstrip("/")
VALKEY_URL = options.text("VALKEY_URL")

# Without a kept secret every start signs everybody out; `torvet init` and `torvet serve` make one.
SECRET_KEY = options.secret() or secrets.token_urlsafe(50)
ALLOWED_HOSTS = [
    urlsplit(TORVET_URL).hostname or "localhost",
    "127.0.0.1",
    "localhost",
    "[::1]",
    *options.listed("HOSTS"),
]
CSRF_TRUSTED_ORIGINS = [TORVET_URL]

INSTALLED_APPS = [
    "torvet.config",
    "torvet.demo",
    "torvet.moving",
    "torvet.notifications",
    "torvet.search",
    "torvet.realtime",
    "torvet.feed",
    "torvet.wiki",
    "torvet.blogs",
    "torvet.forum",
    "torvet.ideas",
    "torvet.notices",  # after the wiki: it passes on the spaces of those who leave, and this asks who owns them
    "torvet.entries",
    "torvet.spaces",
    "torvet.agreement",
    "torvet.activity",
    "torvet.people",
    "torvet.base",
    "django.forms",  # the widgets' own templates, below ours: FORM_RENDERER looks through the installed apps
    "django.contrib.auth",
    "django.contrib.contenttypes",  # wanted by django.contrib.auth; our own code may not use it
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "torvet.base.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "torvet.base.middleware.CompressMiddleware",
    "torvet.people.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "torvet.people.middleware.ViewerMiddleware",
    "torvet.people.middleware.RateLimitMiddleware",
]

ROOT_URLCONF = "torvet.config.urls"
WSGI_APPLICATION = "torvet.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "torvet.config.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a `postgresql://` address, or for SQLite in the data folder when it is empty.

    Raises ValueError for any other kind of address.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "torvet.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # IMMEDIATE: a transaction that reads first and writes later would fail with "database is locked".
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged write survives power loss.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-64000;"
                "PRAGMA mmap_size=1073741824;PRAGMA temp_store=MEMORY;PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("TORVET_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 2,
            # Compiling a statement takes longer than ours run. The cost is that of memory and solid disks, not of 1995.
            "options": "-c jit=off -c random_page_cost=1.1",
        },
    }


DATABASES = {"default": database(options.text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_USER_MODEL = "people.Member"
# The address is unique without regard to case, by a constraint that this check does not know of.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "handle", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "torvet.people.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
# Whoever types a stranger's address must not make us write to that stranger.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False

SESSION_ENGINE = "torvet.people.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "torvet.config.errors.csrf_failure"
SECURE = TORVET_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if options.number("TRUSTED_PROXIES") else None
TRUSTED_PROXIES = options.number("TRUSTED_PROXIES")
RATE_LIMITS = options.is_on("RATE_LIMITS")
SIMILAR_BY_MEANING = options.is_on("SIMILAR_BY_MEANING")
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = options.text("LANGUAGE")
LANGUAGES = [
    ("en", "English"),
    ("da", "Dansk"),
    ("nb", "Norsk bokmål"),
    ("sv", "Svenska"),
    ("nl", "Nederlands"),
]
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ValueError(f"TORVET_LANGUAGE is one of {', '.join(dict(LANGUAGES))}, not {LANGUAGE_CODE!r}")
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = options.text("TIME_ZONE")
USE_TZ = True

UPLOAD_BYTES = options.number("UPLOAD_MB") * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
MEDIA_ROOT = DATA / "files"


def static_digest() -> str:
    """A short hash over all shipped front-end files: their address changes when one of them does."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.glob("*/static/**/*")):
        if file.is_file():
            digest.update(f"{file.relative_to(PACKAGE)}:{file.stat().st_size}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]


STATIC_DIGEST = static_digest()
STATIC_URL = f"/static/{STATIC_DIGEST}/"
STATIC_ROOT = DATA / "static" / STATIC_DIGEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_USE_FINDERS = DEBUG

WIRING = "torvet.config.wiring"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

mail = urlsplit(options.text("MAIL_URL"))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if mail.hostname
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = mail.hostname or "", mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
EMAIL_USE_SSL = mail.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = options.text("MAIL_FROM")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"torvet": {"level": "INFO"}},
}
