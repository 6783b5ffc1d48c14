"""Wagtail's screens for users, held to the rules of ``accounts.permissions``: its own let a user make superusers."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction
from wagtail.users.views.users import CreateView, DeleteView, EditView, IndexView, UserViewSet

from stoppress.accounts.models import RoleGroup, User
from stoppress.accounts.permissions import ADD, may_change, may_give


class RulesMixin:
    """A form for an account: superusers make superusers, and roles are given by who may.

    Args:
        by: who fills it in.
    """

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    instance: User

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if by.is_superuser:
            return
        if "is_superuser" in self.fields:
            self.fields["is_superuser"].disabled = True
            self.fields["is_superuser"].help_text = _("Only an administrator makes administrators.")
        if self.instance.pk == by.pk:
            self.fields["groups"].disabled = True
            self.fields["groups"].help_text = _("Nobody gives themselves a role. Ask somebody else who may.")

    def clean_groups(self) -> list[Group]:
        """See that each group that is given or taken may be.

        Raises:
            ValidationError: names the first that may not.
        """
        chosen = list(self.cleaned_data["groups"])
        had = set(self.instance.groups.all()) if self.instance.pk else set()
        for group in sorted(had ^ set(chosen), key=lambda group: group.name):
            if not may_give(self.by, role_of(group)):
                raise ValidationError(_("You may not give or take the role “%(name)s”.") % {"name": group.name})
        return chosen


def role_of(group: Group) -> str | None:
    """Which of our roles a group holds."""
    return RoleGroup.objects.filter(group=group).values_list("role", flat=True).first()


class NewAccountForm(RulesMixin, UserCreationForm):
    """Wagtail's, with our rules."""


class AccountForm(RulesMixin, UserEditForm):
    """Wagtail's, with our rules."""


class AccountView:
    """What the screens of one account share.

    Raises:
        PermissionDenied: the account belongs to somebody with more rights.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = self.get_object()  # type: ignore[attr-defined]
        if not isinstance(request.user, User) or not may_change(request.user, account):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class NewAccount(CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}


class EditAccount(AccountView, EditView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}


class DeleteAccount(AccountView, DeleteView):
    pass


class Accounts(IndexView):
    """The list, where one invites somebody rather than thinking up a password for them."""

    @property
    def header_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = list(super().header_buttons)
        if self.request.user.has_perm(ADD):
            buttons.append(HeaderButton(_("Invite"), reverse("desk:invite"), icon_name="mail", priority=5))
        return buttons


class PeopleViewSet(UserViewSet):
    """The users at the desk."""

    index_view_class = Accounts
    add_view_class = NewAccount
    edit_view_class = EditAccount
    delete_view_class = DeleteAccount

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:
        return AccountForm if for_update else NewAccountForm


class ManyAccounts:
    """What is done to many accounts leaves out those of people with more rights."""

    request: HttpRequest

    def check_perm(self, obj: User) -> bool:
        by = self.request.user
        return isinstance(by, User) and may_change(by, obj) and bool(super().check_perm(obj))  # type: ignore[misc]


class AssignRoles(ManyAccounts, AssignRoleBulkAction):
    """Wagtail's, with our rules."""

    def check_perm(self, obj: User) -> bool:
        return super().check_perm(obj) and (self.request.user != obj or self.request.user.is_superuser)

    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form:
        """Only the roles that one may give."""
        form: forms.Form = super().get_form(form_class)
        by, groups = self.request.user, Group.objects.all()
        allowed = [group.pk for group in groups if isinstance(by, User) and may_give(by, role_of(group))]
        form.fields["role"].queryset = groups.filter(pk__in=allowed)  # type: ignore[attr-defined]
        return form


class DeleteAccounts(ManyAccounts, DeleteBulkAction):
    """Wagtail's, with our rules."""


class SwitchAccounts(ManyAccounts, SetActiveStateBulkAction):
    """Wagtail's, with our rules."""


BULK_ACTIONS = (AssignRoles, DeleteAccounts, SwitchAccounts)
