"""Addresses of signing in, below ``/desk/login/``: open to who is not in yet."""

from django.urls import path

from stoppress.desk import sign_in

urlpatterns = [
    path("", sign_in.SignIn.as_view(), name="account_login"),
    path("second-factor/", sign_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("passkey/", sign_in.PasskeyAlone.as_view(), name="mfa_login_webauthn"),
]
