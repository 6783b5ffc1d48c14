import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0002_desk_queues'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='is_author',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='comment',
            name='pick_note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='comment',
            name='recommended',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_pick', True)), fields=['thread', '-made_at'], name='comments_picked'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('recommended__gt', 0)), fields=['thread', '-recommended', '-id'], name='comments_recommended'),
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reader', models.CharField(max_length=64)),
                ('network', models.CharField(max_length=64)),
                ('day', models.DateField(db_index=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('is_counted', models.BooleanField(default=False)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recommendations', to='comments.comment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_counted', False)), fields=['id'], name='comments_to_count'), models.Index(fields=['comment', 'network'], name='comments_of_a_network')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='comments_recommended_once')],
            },
        ),
    ]
