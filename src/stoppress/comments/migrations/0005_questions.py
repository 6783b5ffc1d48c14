from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('comments', '0004_following'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='is_answerer',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='thread',
            name='answered_by',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='thread',
            name='answerers',
            field=models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='thread',
            name='questions_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='thread',
            name='questions_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_answerer', True)), fields=['thread', '-made_at'], name='comments_answers'),
        ),
    ]
