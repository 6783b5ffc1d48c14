"""Whoever wrote a reply has shown that the address is theirs, or has not: that is kept of each."""

from typing import Any

from django.db import migrations, models


def believe(apps: Any, schema_editor: Any) -> None:
    """Until now an address that was shown once counted for all that was written with it; for that it still does."""
    comment = apps.get_model("comments", "Comment")
    comment.objects.filter(writer__is_verified=True).update(confirmed_at=models.F("made_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0013_much_answered_replies'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(believe, migrations.RunPython.noop),
    ]
