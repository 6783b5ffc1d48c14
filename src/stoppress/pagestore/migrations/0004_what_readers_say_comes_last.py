from django.db import migrations, models

CHOICES = [
    (0, 'the page itself'), (1, 'its live fragments'), (2, 'fronts and lists'), (3, 'feeds and sitemaps'),
    (4, 'older pages of lists'), (5, 'what readers say'), (9, 'a sweep in the background: fronts and feeds'),
    (10, 'the rest of a sweep'),
]


def put_replies_behind_news(apps, schema_editor):
    apps.get_model("pagestore", "address").objects.filter(subject__startswith="replies:").update(priority=5)


class Migration(migrations.Migration):

    dependencies = [
        ('pagestore', '0003_order_of_sweeps'),
    ]

    operations = [
        migrations.AlterField(
            model_name='address',
            name='priority',
            field=models.SmallIntegerField(choices=CHOICES, default=0),
        ),
        migrations.AlterField(
            model_name='baketask',
            name='priority',
            field=models.SmallIntegerField(choices=CHOICES),
        ),
        migrations.RunPython(put_replies_behind_news, migrations.RunPython.noop),
    ]
