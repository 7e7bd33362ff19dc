"""The index: documents and words for both databases, and beside them what each database is good at."""

from typing import Any

from django.db import DatabaseError, migrations, models, transaction

SQLITE = (
    # title and words hold stems, not text that is shown; marks say where and by whom, so that filters meet the words
    # inside the index. No index of beginnings: it would double the size.
    "CREATE VIRTUAL TABLE search_words USING fts5(title, words, marks, tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE search_names USING fts5(title, words, marks, tokenize='unicode61 remove_diacritics 0')",
    # Long words once more, by every three letters in a row: a part finds its compounds.
    "CREATE VIRTUAL TABLE search_part USING fts5(word, tokenize='trigram')",
    "CREATE TRIGGER search_word_added AFTER INSERT ON search_word BEGIN"
    " INSERT OR REPLACE INTO search_part (rowid, word) VALUES (new.id, new.word); END",
)
SQLITE_GONE = (
    "DROP TRIGGER IF EXISTS search_word_added",
    "DROP TABLE IF EXISTS search_part",
    "DROP TABLE IF EXISTS search_words",
    "DROP TABLE IF EXISTS search_names",
)
POSTGRESQL = (
    # No foreign key: whoever empties the tables by Django's list would stumble over one it does not know.
    "CREATE TABLE search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE TABLE search_names (id bigint PRIMARY KEY, words tsvector NOT NULL)",
    # Written to at every post: without the waiting list each search reads the newest words at once.
    "CREATE INDEX search_words_gin ON search_words USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX search_names_gin ON search_names USING gin (words) WITH (fastupdate = off)",
    # Similar texts are those of threads, not of posts: a small index of these alone saves looking at all the others.
    "CREATE INDEX search_threads_gin ON search_words USING gin (words) WITH (fastupdate = off)"
    " WHERE NOT (words @@ CAST('''/kpost''' AS tsquery))",
    # How often a word stands in texts decides how it is looked for: a hundred words, the usual number, tell too little.
    "ALTER TABLE search_words ALTER words SET STATISTICS 1000",
)
TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX search_word_parts ON search_word USING gin (word gin_trgm_ops)",
)
POSTGRESQL_GONE = ("DROP TABLE IF EXISTS search_words", "DROP TABLE IF EXISTS search_names")


def make_tables(apps: Any, editor: Any) -> None:
    connection = editor.connection
    if connection.vendor == "sqlite":
        for statement in SQLITE:
            editor.execute(statement)
    elif connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            editor.execute(statement)
        try:
            with transaction.atomic(using=connection.alias):
                for statement in TRIGRAMS:
                    editor.execute(statement)
        except DatabaseError:
            pass  # Not ours to create here. Compounds are then found by reading the list of long words.


def drop_tables(apps: Any, editor: Any) -> None:
    gone = {"sqlite": SQLITE_GONE, "postgresql": POSTGRESQL_GONE}
    for statement in gone.get(editor.connection.vendor, ()):
        editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    # The statement that finds places names these tables.
    dependencies = [("entries", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=48, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Vector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("thread_id", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
                ("numbers", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("thing_id", models.BigIntegerField()),
                ("space_id", models.BigIntegerField(null=True)),
                ("author_id", models.BigIntegerField(null=True)),
                ("thread_id", models.BigIntegerField(null=True)),
                ("version", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["author_id", "id"], name="document_of_author"),
                    models.Index(fields=["space_id", "id"], name="document_in_space"),
                    models.Index(fields=["thread_id", "id"], name="document_in_thread"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "thing_id"), name="document_once")
                ],
            },
        ),
        migrations.RunPython(make_tables, drop_tables),
    ]
