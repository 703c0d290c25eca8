from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_one_duty")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="email",
            field=models.EmailField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
    ]
