from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0014_confirmed_replies'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name_plural': 'no mail',
            },
        ),
    ]
