import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
