import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0008_accounts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='writer',
            options={'permissions': [('forget_writer', 'Can give out and erase all of a person')]},
        ),
        migrations.AddField(
            model_name='ban',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='reports',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='comment',
            name='reported_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('reported_at__isnull', False)), fields=['reported_at', 'id'], name='comments_reported'),
        ),
        migrations.CreateModel(
            name='Forgotten',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('with_words', models.BooleanField(default=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'forgotten',
            },
        ),
        migrations.CreateModel(
            name='Caution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cautions', to='comments.writer')),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.TextField()),
                ('is_legal', models.BooleanField()),
                ('clause', models.TextField()),
                ('is_automated', models.BooleanField()),
                ('redress', models.TextField()),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='statement', to='comments.decision')),
            ],
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('is_granted', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='appeal', to='comments.decision')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('is_granted', None)), fields=['made_at', 'id'], name='comments_appeals_open'), models.Index(fields=['decided_at'], name='comments_appeals_decided')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('spam', 'It advertises something, or is spam'), ('abuse', 'It insults, threatens or harasses somebody'), ('private', 'It gives away what is private to somebody'), ('illegal', 'It breaks the law'), ('children', 'It shows or offers sexual abuse of children')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('sealed', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('network', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('open', 'Waits'), ('upheld', 'The reply is no longer shown'), ('dismissed', 'The reply stays'), ('gone', 'Its writer took the reply back')], default='open', max_length=10)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='complaints', to='comments.comment')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='comments.decision')),
            ],
            options={
                'indexes': [models.Index(fields=['comment', 'state'], name='comments_reports_of'), models.Index(fields=['made_at'], name='comments_reports_in_time'), models.Index(condition=models.Q(('digest', ''), _negated=True), fields=['digest'], name='comments_reports_by')],
            },
        ),
    ]
