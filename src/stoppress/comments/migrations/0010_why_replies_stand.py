"""What a check found in each reply, and why a person decided of it, beside the reply: the queues are asked for it."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Replace

NOTHING_FOUND = ("nothing-found", "service-fine", "changed: nothing-found")
DECIDES_NOTHING = ("picked", "unpicked", "kept", "undo")


def fill(apps: Any, schema_editor: Any) -> None:
    comment, decision = apps.get_model("comments", "Comment"), apps.get_model("comments", "Decision")
    of_it = decision.objects.filter(comment=OuterRef("pk")).order_by("-pk")
    found = of_it.exclude(phase__in=("", "own", "import")).exclude(reason__in=NOTHING_FOUND)
    short = found.annotate(short=Replace("reason", Value("changed: "), Value(""))).values("short")[:1]
    decided = of_it.filter(by__isnull=False, state=OuterRef("state")).exclude(reason__in=DECIDES_NOTHING)
    comment.objects.filter(imported_id="").update(
        signal=Coalesce(Subquery(short), Value("")),
        decided_for=Coalesce(Subquery(decided.values("reason")[:1]), Value("")),
    )
    # What came with an import was judged elsewhere; people have decided of some of it since.
    comment.objects.filter(~Q(imported_id=""), decisions__by__isnull=False).update(
        decided_for=Coalesce(Subquery(decided.values("reason")[:1]), Value(""))
    )


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0009_trust'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='decided_for',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='comment',
            name='signal',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
