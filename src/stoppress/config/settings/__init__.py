"""Django's settings, derived from the instance named by ``STOPPRESS_INSTANCE`` (default: this folder)."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from stoppress.config import instance as _instance
from stoppress.config.settings.databases import database, search_backend
from stoppress.core.filetypes import ATTACHMENTS
from stoppress.core.process_guard import ROLE

INSTANCE = _instance.load(Path(os.environ.get("STOPPRESS_INSTANCE", ".")))
_own = INSTANCE.settings

SECRET_KEY = INSTANCE.secret_key()
DEBUG = _own.debug
BASE_URL = _own.base_url.rstrip("/")
_host = urlsplit(BASE_URL).hostname or "localhost"
_is_https = BASE_URL.startswith("https:")
ALLOWED_HOSTS = sorted({_host, "localhost", "127.0.0.1", "[::1]", *_own.allowed_hosts})
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "stoppress.desk",
    "stoppress.demo",
    "stoppress.importers",
    "stoppress.audience",
    "stoppress.search",
    "stoppress.newsroom",
    "stoppress.comments",
    "stoppress.media",
    "stoppress.accounts",
    "stoppress.pagestore",
    "stoppress.design",
    "stoppress.desk.users.UsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "stoppress.desk.users.AdminConfig",  # wagtail.admin
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "stoppress.desk.probes.Probes",
    "django.middleware.security.SecurityMiddleware",
    "stoppress.config.middleware.ContentSecurityPolicy",
    "stoppress.config.middleware.SoundAddresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "stoppress.accounts.middleware.Asking",
    "allauth.account.middleware.AccountMiddleware",
    "stoppress.desk.duty.SecondFactorRule",
    "stoppress.desk.middleware.AutosaveRace",
    "stoppress.desk.middleware.RefusedPublication",
    "stoppress.desk.middleware.LostPictures",
    "stoppress.desk.middleware.DamagedForms",
    "stoppress.desk.middleware.WritersChoosers",
]

CSRF_FAILURE_VIEW = "stoppress.newsroom.views.unsigned_form"
ROOT_URLCONF = "stoppress.config.urls"
ASGI_APPLICATION = "stoppress.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [INSTANCE.theme / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(_own.database_url, INSTANCE.sqlite_file)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
PASSWORD_RESET_TIMEOUT = 3 * 86_400
WAGTAILADMIN_USER_LOGIN_FORM = "stoppress.desk.forms.SignInForm"
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "stoppress.desk.forms.ResetForm"  # noqa: S105 - a form's name

# allauth is there for second factors and passkeys alone: nobody signs up, and our own counts slow down who guesses.
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "stoppress.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {"reauthenticate": "stoppress.desk.second_factors.PasswordAgainForm"}
MFA_ADAPTER = "stoppress.accounts.adapters.FactorAdapter"
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "stoppress.desk.second_factors.CodeForm",
    "reauthenticate": "stoppress.desk.second_factors.CodeAgainForm",
    "add_webauthn": "stoppress.desk.second_factors.NewPasskeyForm",
    "authenticate_webauthn": "stoppress.desk.second_factors.PasskeySecondForm",
    "login_webauthn": "stoppress.desk.second_factors.PasskeyForm",
    "reauthenticate_webauthn": "stoppress.desk.second_factors.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = _own.title
MFA_TOTP_TOLERANCE = 1

LANGUAGE_CODE = _own.language
TIME_ZONE = _own.time_zone
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "stoppress.design.formats"
WAGTAIL_I18N_ENABLED = False

STATIC_URL = "/static/"
STATIC_ROOT = INSTANCE.static
STATICFILES_DIRS = [INSTANCE.theme / "static"] if (INSTANCE.theme / "static").is_dir() else []
MEDIA_URL = "/media/"
MEDIA_ROOT = INSTANCE.media
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": {
        "BACKEND": "stoppress.media.storage.OriginalsStorage",
        "OPTIONS": {"location": str(INSTANCE.originals)},  # Wagtail joins it as text
    },
    "renditions": {
        "BACKEND": "stoppress.media.storage.RenditionStorage",
        "OPTIONS": {"allow_overwrite": True},
    },
    "staticfiles": {"BACKEND": "stoppress.design.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

WAGTAIL_SITE_NAME = _own.title
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": search_backend(DATABASES["default"])}}
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "stoppress.newsroom.finishing.publish_approved"
WAGTAIL_ENABLE_UPDATE_CHECK = False
# The machine's own name for its zone is none that a browser knows.
WAGTAIL_USER_TIME_ZONES = sorted(available_timezones() - {"localtime", "Factory"})
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILDOCS_DOCUMENT_MODEL = "media.Attachment"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = sorted(suffix.removeprefix(".") for suffix in ATTACHMENTS)
WAGTAILDOCS_MAX_UPLOAD_SIZE = _own.max_file_megabytes * 2**20
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "stoppress.media.forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = _own.max_picture_megabytes * 2**20
WAGTAILIMAGES_MAX_IMAGE_PIXELS = _own.max_picture_megapixels * 1_000_000

# Index tasks go to the database queue: run at once they hold SQLite's write lock (FINDINGS, Costs).
TASKS = {"default": {"BACKEND": "stoppress.config.background.Backend"}}

SESSION_COOKIE_SECURE = _is_https
CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = True
# Only a front process can reach an app process, and it says only what is true (pagestore.serve.trust). Whatever else
# runs Django, such as 'stoppress manage runserver', hears strangers.
STOPPRESS_IS_BEHIND_FRONT = os.environ.get(ROLE) == "app"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if STOPPRESS_IS_BEHIND_FRONT else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SILENCED_SYSTEM_CHECKS: list[str] = []

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _own.mail_host else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = INSTANCE.mail
EMAIL_HOST = _own.mail_host
EMAIL_PORT = _own.mail_port or _instance.MAIL_PORTS[_own.mail_security]
EMAIL_HOST_USER = _own.mail_user
EMAIL_HOST_PASSWORD = INSTANCE.mail_password() if _own.mail_user else ""
EMAIL_USE_TLS = _own.mail_security == "starttls"
EMAIL_USE_SSL = _own.mail_security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _own.mail_from or f"noreply@{_host}"

STOPPRESS_STORE = INSTANCE.store
STOPPRESS_TITLE = _own.title
STOPPRESS_STRAPLINE = _own.strapline
STOPPRESS_LANGUAGE = _own.language
STOPPRESS_KEEP_REVISIONS = _own.keep_revisions
STOPPRESS_KEEP_REVISIONS_DAYS = _own.keep_revisions_days
STOPPRESS_KEEP_TASK_RESULTS_DAYS = _own.keep_task_results_days
STOPPRESS_KEEP_ORPHANS_DAYS = _own.keep_orphans_days
STOPPRESS_KEEP_LOGS_DAYS = _own.keep_logs_days
STOPPRESS_KEEP_AUDIT_DAYS = _own.keep_audit_days
STOPPRESS_KEEP_MAILS_DAYS = _own.keep_mails_days
STOPPRESS_SECURITY_CONTACT = _own.security_contact
STOPPRESS_REFUSED_CRAWLERS = list(_own.refused_crawlers)
STOPPRESS_REQUIRED_CHECKS = list(_own.required_checks)
STOPPRESS_PUBLIC_HISTORY = _own.public_history
STOPPRESS_COMMENTS = _own.comments
STOPPRESS_COMMENTS_CLOSE_DAYS = _own.comments_close_days
STOPPRESS_COMMENTS_TRUSTED_AFTER = _own.comments_trusted_after
STOPPRESS_COMMENTS_HELD_WORDS = list(_own.comments_held_words)
STOPPRESS_COMMENTS_REFUSED_WORDS = list(_own.comments_refused_words)
STOPPRESS_COMMENTS_SPAM_MODEL = _own.comments_spam_model
STOPPRESS_COMMENTS_SPAM_SERVICE = _own.comments_spam_service
STOPPRESS_SPAM_SERVICE_KEY = INSTANCE.spam_service_key() if _own.comments_spam_service else ""
STOPPRESS_COMMENTS_SURGE = _own.comments_surge
STOPPRESS_COMMENTS_BREAKING_NOTICE = _own.comments_breaking_notice
STOPPRESS_COMMENTS_HOLD_AFTER_REPORTS = _own.comments_hold_after_reports
STOPPRESS_METRICS_FROM = _own.metrics_from
STOPPRESS_TREE_FILE = INSTANCE.tree_file
STOPPRESS_COUNTS_FOLDER = INSTANCE.counts_folder
STOPPRESS_LOG_FILE = INSTANCE.log_file

LOGGING = INSTANCE.logging_of(os.environ.get(ROLE, ""))
