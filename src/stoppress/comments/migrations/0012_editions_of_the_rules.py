from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0011_saved_filters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=22)),
            ],
        ),
    ]
