from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0017_erasures'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('signal', ''), _negated=True), fields=['thread', 'state', 'signal', '-made_at', '-id'], name='comments_queue_thread_signal'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('decided_for', ''), _negated=True), fields=['thread', 'state', 'decided_for', '-made_at', '-id'], name='comments_queue_thread_reason'),
        ),
    ]
