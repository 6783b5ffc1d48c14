import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0003_picks_and_recommendations'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='is_followed',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(auto_now_add=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.comment')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='comments.writer')),
            ],
            options={
                'indexes': [models.Index(fields=['writer', 'sent_at'], name='comments_told_when')],
                'constraints': [models.UniqueConstraint(fields=('writer', 'comment'), name='comments_told_once')],
            },
        ),
    ]
