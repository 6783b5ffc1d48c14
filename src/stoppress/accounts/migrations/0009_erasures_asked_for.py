from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_events_of_replies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='event',
            field=models.CharField(choices=[('sign-in.succeeded', 'Signed in'), ('sign-in.failed', 'Sign-in failed'), ('sign-in.refused', 'Too many attempts to sign in'), ('session.ended', 'Session ended from elsewhere'), ('second-factor.added', 'Second factor added'), ('second-factor.removed', 'Second factor removed'), ('second-factor.reset', 'Second factors reset'), ('recovery-codes.made', 'Recovery codes made'), ('recovery-code.used', 'Recovery code used'), ('password.set', 'Password set'), ('password.reset-asked', 'Mail with a new password asked for'), ('account.made', 'Account made'), ('account.changed', 'Account changed'), ('account.deleted', 'Account deleted'), ('account.invited', 'Invited'), ('role.given', 'Role given'), ('role.taken', 'Role taken'), ('role.rights-changed', 'Rights of a role changed'), ('page.unpublished', 'Page unpublished'), ('page.deleted', 'Page deleted'), ('article.killed', 'Article killed'), ('article.emergency-published', 'Published without a second pair of eyes'), ('settings.changed', 'Settings changed'), ('settings-file.changed', 'Settings file changed'), ('replies.rules-changed', 'Rules for replies changed'), ('replies.breaking-news-began', 'Breaking-news mode of replies began'), ('replies.breaking-news-ended', 'Breaking-news mode of replies ended'), ('publication.exported', 'Publication exported'), ('writer.banned', 'Somebody may not reply any more'), ('writer.let-in', 'Somebody may reply again'), ('writer.cautioned', 'Somebody who replies was cautioned'), ('appeal.decided', 'Appeal decided'), ('person.exported', 'All that is kept of a person given out'), ('person.erasure-asked', 'Erasure of a person asked for'), ('person.erased', 'Person erased'), ('audit-log.pruned', 'Old entries removed')], db_index=True, max_length=40),
        ),
    ]
