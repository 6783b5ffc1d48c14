import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0012_section_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='thanks',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.CreateModel(
            name='ErrorReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.BigIntegerField(null=True)),
                ('place', models.CharField(blank=True, max_length=64)),
                ('quote', models.TextField(blank=True)),
                ('prefix', models.CharField(blank=True, max_length=64)),
                ('suffix', models.CharField(blank=True, max_length=64)),
                ('text', models.TextField()),
                ('name', models.CharField(blank=True, max_length=80)),
                ('may_thank', models.BooleanField(default=False)),
                ('sealed', models.TextField(blank=True)),
                ('network', models.CharField(blank=True, db_index=True, max_length=64)),
                ('state', models.CharField(choices=[('open', 'Open'), ('dismissed', 'Not an error'), ('corrected', 'Corrected')], default='open', max_length=9)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='error_reports', to='newsroom.article')),
                ('correction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='newsroom.correction')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'error report',
                'indexes': [models.Index(fields=['state', 'id'], name='newsroom_error_queue')],
            },
        ),
    ]
