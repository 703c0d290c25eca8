"""Django settings, from the environment alone (stack.md section 7).

| name | meaning |
| --- | --- |
| YKB_HOME | folder of one installation: database, uploads, keys (default `var`) |
| YKB_DATABASE_URL | a PostgreSQL database instead of the embedded SQLite one |
| YKB_MIGRATE_URL | the same database with the role that may change tables (default: the same) |
| YKB_DISTRICT | the district pack: a folder under `districts/` or a path |
| YKB_SECRET_KEY | made on first start and kept in YKB_HOME |
| YKB_NOTICE_CHANNELS | `inbox` (default), `mail`, `file`, separated by commas |
| YKB_SMTP_URL, YKB_MAIL_FROM | the mail server and the sender of notices |
| YKB_SCANNER | what looks for viruses: `command:LINE`, `clamd:/PATH` or `clamd:HOST:PORT`; empty: nobody |
| YKB_SCAN_REQUIRED | `1`: a file that could not be scanned is refused |
| YKB_JOURNAL_SIGNER | `ed25519` (default) or `sm2`: how checkpoints are signed |
| YKB_HOSTS | host names this installation answers to, separated by commas |
| YKB_DEBUG | `1` only while developing |
"""

from __future__ import annotations

import os

from yukuaiban.site import home, logs

HOME = home.folder()
PROJECT = home.PROJECT
DISTRICT_PATH = home.district_path()

SECRET_KEY = home.secret_key(HOME)
YKB_SEAL_KEY = home.seal_key(HOME)
# What signs checkpoints: origin of the notes, seeds of the keys (SM2 only where it signs), further keys believed.
YKB_JOURNAL_ORIGIN = f"yukuaiban.{DISTRICT_PATH.name}/journal"
YKB_JOURNAL_KEY = home.journal_key(HOME)
YKB_JOURNAL_SM2_KEY = home.journal_sm2_key(HOME)
YKB_JOURNAL_KEYS = home.trusted_journal_keys(HOME)
DEBUG = os.environ.get("YKB_DEBUG") == "1"
ALLOWED_HOSTS = home.hosts()
BASE_SECURE = os.environ.get("YKB_SECURE", "") == "1"

INSTALLED_APPS = [
    "yukuaiban.journal",
    "yukuaiban.people",
    "yukuaiban.notices",
    "yukuaiban.evidence",
    "yukuaiban.jobs",
    "yukuaiban.cases",
    "yukuaiban.supervision",
    "yukuaiban.web",
    "yukuaiban.api",
    "yukuaiban.measures.desks",
    "yukuaiban.plans",
    "yukuaiban.measures.demonstration",
    "yukuaiban.measures.oversight",
    "yukuaiban.registry",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
# The list of measures: one line each. Order is the order of the navigation.
YKB_MEASURES = [
    "yukuaiban.measures.desks.registration",
    "yukuaiban.plans.registration",
    "yukuaiban.measures.demonstration.registration",
    "yukuaiban.measures.oversight.registration",
]
# Rooms with routes or masks of their own: their permissions.toml are the policy, with those of the measures.
YKB_POLICY_ROOMS = ["yukuaiban.people", "yukuaiban.web", "yukuaiban.api", "yukuaiban.site"]
# What gives each request its moment, identifiers and salts.
YKB_PEN = "yukuaiban.site.livepen.LivePen"

MIDDLEWARE = [
    "yukuaiban.site.middleware.PenMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yukuaiban.web.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "axes.middleware.AxesMiddleware",
    "yukuaiban.web.middleware.SubjectMiddleware",
    "yukuaiban.web.middleware.GateMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "yukuaiban.site.urls"
WSGI_APPLICATION = "yukuaiban.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "yukuaiban.web.context.frame",
            ],
            "builtins": ["yukuaiban.web.templatetags.ykb", "django.templatetags.i18n"],
        },
    }
]

DATABASES = home.databases(HOME)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

YKB_NOTICE_CHANNELS = home.notice_channels()
globals().update(home.mail())
EMAIL_TIMEOUT = 20  # a silent mail server must not hold the worker

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PROJECT / "src" / "yukuaiban" / "locale"]
# The pages offer English once there is a catalogue; until then only what the core says itself speaks it.
YKB_ENGLISH_READY = (LOCALE_PATHS[0] / "en").is_dir()
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "uploads"
YKB_RESULTS = HOME / "results"  # what long work made; not in backups, it can be made again
YKB_SCANNER = os.environ.get("YKB_SCANNER", "")
YKB_SCAN_REQUIRED = os.environ.get("YKB_SCAN_REQUIRED") == "1"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BASE_SECURE
CSRF_COOKIE_SECURE = BASE_SECURE
CSRF_FAILURE_VIEW = "yukuaiban.web.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "phone")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
# Five wrong passwords: 15 minutes (security.md section 3). Counted per name, so that a hall's one address
# does not lock out all of its desks.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "yukuaiban.web.views.signin.locked_out"
AXES_VERBOSE = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "yukuaiban.evidence.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# Counting wrong passwords by name alone is meant: see AXES_LOCKOUT_PARAMETERS.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

logs.configure()
