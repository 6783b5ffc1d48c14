from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0012_editions_of_the_rules'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('replies__gt', 50)), fields=['thread'], name='comments_much_answered'),
        ),
    ]
