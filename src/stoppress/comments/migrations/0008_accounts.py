from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0007_spam_models'),
    ]

    operations = [
        migrations.AddField(
            model_name='writer',
            name='display_name',
            field=models.CharField(blank=True, default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='writer',
            name='name_key',
            field=models.CharField(blank=True, default='', max_length=255),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='writer',
            name='mutes_mail',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='writer',
            name='signed_out_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='writer',
            constraint=models.UniqueConstraint(condition=models.Q(('name_key', ''), _negated=True), fields=('name_key',), name='comments_name_once'),
        ),
        migrations.AddField(
            model_name='comment',
            name='is_account',
            field=models.BooleanField(default=False),
        ),
    ]
