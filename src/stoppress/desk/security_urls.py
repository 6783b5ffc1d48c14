"""Addresses of what somebody does about their own signing in; Wagtail lets only who is at the desk come here.

Each of allauth's that we have is named: nothing else of it has an address.
"""

from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from stoppress.desk import sign_in

urlpatterns = [
    path("", sign_in.overview, name="mfa_index"),
    path("sessions/end/", sign_in.end_session, name="desk_end_session"),
    path("password/", sign_in.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("code/", sign_in.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/", sign_in.overview, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]
