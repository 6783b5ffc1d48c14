"""Background tasks as their library does them, but one about an object that was deleted meanwhile has nothing to do."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

ABOUT_ONE_OBJECT = frozenset(
    {
        "modelsearch.tasks.insert_or_update_object_task",
        "wagtail.images.tasks.set_image_focal_point_task",
        "wagtail.tasks.update_reference_index_task",
    }
)
"""Wagtail's tasks that name a row by app, model and key, and fail when it is gone: publish and delete in one second."""


class PatientTask(Task[..., Any]):
    """A task that takes it as done when what it is about no longer exists."""

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Do it.

        Raises:
            ObjectDoesNotExist: something else was missing than the row that the task is about.
        """
        try:
            return Task.call(self, *args, **kwargs)
        except ObjectDoesNotExist:
            if self.module_path in ABOUT_ONE_OBJECT and not _exists(*args, **kwargs):
                return None
            raise


class Backend(DatabaseBackend):
    """The queue in the database, for tasks of this kind."""

    task_class = PatientTask  # type: ignore[assignment]


def _exists(app_label: str, model_name: str, pk: str) -> bool:
    return bool(apps.get_model(app_label, model_name)._base_manager.filter(pk=pk).exists())
