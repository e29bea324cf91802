// SPDX-License-Identifier: Apache-2.0
/* Rows held back and inserted together: none is lost, none changes on its way, and who asks finds them. */
#include "db/desk_test.h"
#include "db/postgres.h"

/* Of 2, 4 and 8 rows at a time, and a few that are left. */
enum { ROWS = 3 * 8 + 7 };

static const char insert_whole[] = "INSERT INTO note (id, body, paper, weight) VALUES (:id, :body, :paper, NULL)";

static const unsigned char paper[] = { 0, 1, 255, 0 };

static void write_well(Desk *desk, DbWork *work)
{
    g_autoptr(GError) error = NULL;
    have_notes(desk);
    store_write(desk->store, work, NULL, &error);
    g_assert_no_error(error);
}

/* Every third without a body, every fourth without a paper. */
static bool insert_row(Db *db, int64_t id, GError **error)
{
    g_autofree char *body = id % 3 ? g_strdup_printf("第%" PRId64 "件 ', $1 \"x\"", id) : NULL;
    return db_run(db, insert_whole, WITH(db_int("id", id), db_text("body", body), db_bytes("paper", id % 4 ? paper : NULL, id % 4 ? sizeof paper : 0)), error);
}

static bool insert_rows(Db *db, void *count, GError **error)
{
    for (int64_t id = 1; id <= *(int64_t *)count; id++)
        if (!insert_row(db, id - ROWS / 2, error))
            return false;
    return true;
}

static void rows_are_as_told(const Desk *desk, int64_t count)
{
    Db *reader = store_reader(desk->store, NULL);
    int64_t id = 1 - ROWS / 2;
    g_autoptr(DbRows) rows = db_query(reader, "SELECT id, body, paper FROM note ORDER BY id", NULL, NULL);
    for (; db_next(rows, NULL); id++) {
        size_t length;
        g_autofree char *body = id % 3 ? g_strdup_printf("第%" PRId64 "件 ', $1 \"x\"", id) : NULL;
        const void *bytes = db_column_bytes(rows, 2, &length);
        g_assert_cmpint(db_column_int(rows, 0), ==, id);
        g_assert_cmpstr(db_column_text(rows, 1), ==, body);
        g_assert_cmpuint(length, ==, id % 4 ? sizeof paper : 0);
        g_assert_true(!length || memcmp(bytes, paper, length) == 0);
    }
    g_assert_cmpint(id - 1 + ROWS / 2, ==, count);
    db_rows_end(rows);
    store_return(desk->store, reader);
}

static void all_rows_arrive_as_they_were(Desk *desk, const void *server)
{
    (void)server;
    have_notes(desk);
    for (int64_t count = 0; count <= ROWS; count++) {
        g_assert_true(store_write(desk->store, insert_rows, &count, NULL));
        rows_are_as_told(desk, count);
        write_sql(desk, "DELETE FROM note");
    }
}

static bool insert_and_look(Db *db, void *commands, GError **error)
{
    int64_t count = 4 * 8;
    bool well = insert_rows(db, &count, error);
    *(unsigned *)commands = db->server->sent;
    return well;
}

static void several_go_with_one_command(Desk *desk, const void *server)
{
    (void)server;
    unsigned commands;
    have_notes(desk);
    g_assert_true(store_write(desk->store, insert_and_look, &commands, NULL));
    g_assert_cmpuint(commands, <=, 8);
}

static bool insert_where_they_are_spread(Db *db, void *commands, GError **error)
{
    db->server->is_spread = true;
    bool well = insert_and_look(db, commands, error);
    db->server->is_spread = false;
    return well;
}

/* A statement goes to one of them. */
static void where_they_are_spread_each_goes_alone(Desk *desk, const void *server)
{
    (void)server;
    unsigned commands;
    have_notes(desk);
    g_assert_true(store_write(desk->store, insert_where_they_are_spread, &commands, NULL));
    g_assert_cmpuint(commands, >=, 4 * 8);
}

/* ---- who asks finds them ---- */

static bool insert_and_ask(Db *db, void *data, GError **error)
{
    int64_t count, changed;
    bool found;
    (void)data;
    return insert_row(db, 1, error) && db_run(db, "UPDATE note SET body = 'changed' WHERE id = 1", NULL, error) && insert_row(db, 2, error) &&
           db_integer(db, count_notes, NULL, &count, &found, error) && (count == 2 || fault(error, "%" PRId64 " there", count)) &&
           insert_row(db, 3, error) && db_change(db, "DELETE FROM note WHERE id > 1", NULL, &changed, error) &&
           (changed == 2 || fault(error, "%" PRId64 " deleted", changed));
}

static void what_comes_after_finds_what_was_inserted(Desk *desk, const void *server)
{
    (void)server;
    write_well(desk, insert_and_ask);
    g_assert_cmpint(ask_store(desk, "SELECT count(*) FROM note WHERE id = 1 AND body = 'changed'"), ==, 1);
    g_assert_cmpint(ask_store(desk, count_notes), ==, 1);
}

/* ---- what is not a row alone ---- */

static bool insert_oddly(Db *db, void *data, GError **error)
{
    static const char next[] = "INSERT INTO note (id, body) VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM note), :body)";
    static const char quoted[] = "INSERT INTO note (id, body) VALUES (:id, ' VALUES ($1, '')')";
    static const char again[] = "INSERT INTO note (id, body) VALUES (:id, :body) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    bool well = true;
    (void)data;
    for (int64_t i = 1; well && i <= 3; i++)
        well = db_run(db, next, WITH(db_text("body", "next")), error);
    for (int64_t i = 1; well && i <= 3; i++)
        well = db_run(db, quoted, WITH(db_int("id", 10 * i)), error);
    for (int64_t i = 1; well && i <= 3; i++)
        well = db_run(db, again, WITH(db_int("id", 100), db_text("body", i == 3 ? "third" : "other")), error);
    return well;
}

static void what_is_more_than_a_row_is_done_as_ever(Desk *desk, const void *server)
{
    (void)server;
    write_well(desk, insert_oddly);
    g_assert_cmpint(ask_store(desk, "SELECT count(*) FROM note WHERE body = 'third'"), ==, 1);
    g_assert_cmpint(ask_store(desk, "SELECT count(*) FROM note WHERE body = 'next'"), ==, 3);
    g_assert_cmpint(ask_store(desk, "SELECT count(*) FROM note WHERE body = ' VALUES ($1, '')'"), ==, 3);
}

enum { TEXTS = 700 /* more than a connection keeps prepared */ };

/* Each text is another statement, and has a row to send when it is dropped to make room. */
static bool insert_by_many_texts(Db *db, void *data, GError **error)
{
    (void)data;
    for (int64_t id = 0; id < TEXTS; id++) {
        g_autofree char *sql = g_strdup_printf("INSERT INTO note (id, weight) VALUES (:id, %" PRId64 ")", id);
        if (!db_run(db, sql, WITH(db_int("id", id)), error))
            return false;
    }
    return true;
}

static void no_row_goes_with_its_statement(Desk *desk, const void *server)
{
    (void)server;
    write_well(desk, insert_by_many_texts);
    g_assert_cmpint(ask_store(desk, "SELECT count(*) FROM note WHERE id = weight"), ==, TEXTS);
}

/* ---- what is undone ---- */

/* What it would insert is there already: that nobody is told of, for it is not sent. */
static bool write_and_refuse(Db *db, void *data, GError **error)
{
    Note *note = data;
    note->runs++;
    return db_run(db, insert_note, WITH(db_int("id", 0), db_text("body", NULL)), error) && refuse(error, CONFLICT, "db.in_use", NULL);
}

static void of_who_is_refused_nothing_is_sent(Desk *desk, const void *server)
{
    (void)server;
    Note notes[MANY];
    have_notes(desk);
    write_group(desk, notes, MANY, 50, write_and_refuse);
    for (int i = 0; i < MANY; i++)
        g_assert_cmpint(notes[i].code, ==, i == 50 ? CONFLICT : 0);
    g_assert_cmpint(notes[50].runs, ==, 2); /* with the others, and between savepoints */
    g_assert_cmpint(ask_store(desk, count_notes), ==, MANY - 1);
}

static void two_of_a_group_that_clash(Desk *desk, const void *server)
{
    (void)server;
    Barrier barrier;
    Gate ended = GATE(3);
    Note notes[3];
    have_notes(desk);
    bar(desk, &barrier);
    for (int i = 0; i < 3; i++) {
        notes[i] = (Note){ .desk = desk, .ended = &ended, .id = i / 2 };
        store_submit(desk->store, write_note, &notes[i], note_end);
    }
    lift(&barrier);
    wait_for(&ended);
    g_assert_cmpint(notes[0].code, ==, 0);
    g_assert_cmpint(notes[1].code, ==, CONFLICT);
    g_assert_cmpint(notes[2].code, ==, 0);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_SERVER(name, test) add_on_server("/db/hold/" name, test)
#define ON_A_DESK(name, test) add_on_both("/db/hold/" name, test)
    ON_A_DESK("all rows arrive as they were", all_rows_arrive_as_they_were);
    ON_A_SERVER("several go with one command", several_go_with_one_command);
    ON_A_SERVER("where they are spread each goes alone", where_they_are_spread_each_goes_alone);
    ON_A_DESK("what comes after finds what was inserted", what_comes_after_finds_what_was_inserted);
    ON_A_DESK("what is more than a row is done as ever", what_is_more_than_a_row_is_done_as_ever);
    ON_A_DESK("no row goes with its statement", no_row_goes_with_its_statement);
    ON_A_SERVER("of who is refused nothing is sent", of_who_is_refused_nothing_is_sent);
    ON_A_DESK("two of a group that clash", two_of_a_group_that_clash);
    return g_test_run();
}
