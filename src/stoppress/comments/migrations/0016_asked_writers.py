from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0015_no_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='asked_at',
            field=models.DateTimeField(null=True),
        ),
    ]
