// SPDX-License-Identifier: Apache-2.0
/* Personal data at rest: what opens where, and what becomes of the keys. */
#include "db/server_test.h"
#include "rooms_test.h"

#include <sys/stat.h>

enum { COUNTY = 330482, OTHER = 330481 };
#define PLACE "thing.person"

/* The values below were made by another implementation of both algorithms (Python's cryptography 38 and hmac). */
static const char known_keys[] = "pinghu personal keys 1\n"
                                 "search 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
                                 "1 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n";
static const char known_sealed[] = "~1~AAECAwQFBgcICQoLue79Q/K8DEgGHXdNNyIO095sWB/NUiR+Q6S0cg==";
static const char known_hash[] = "7fa5001ae300ea425afa65830767f988f5384d7509a85cabab86747a4355f17d";

typedef struct Bench {
    char *folder, *address, *keys;
    const char *server;
    Store *store;
} Bench;

static void bench_open(Bench *b, const char *server)
{
    g_autoptr(GError) error = NULL;
    b->server = server;
    b->folder = g_dir_make_tmp("pinghu-XXXXXX", &error);
    g_assert_no_error(error);
    b->address = server ? make_database(server) : g_build_filename(b->folder, "test.db", NULL);
    b->keys = g_build_filename(b->folder, "test.personal", NULL);
    b->store = store_migrated(b->address, 2);
}

static void bench_close(Bench *b)
{
    g_clear_pointer(&b->store, store_close);
    if (b->server)
        drop_database(b->server, b->address);
    remove_tree(b->folder);
    g_free(b->folder);
    g_free(b->address);
    g_free(b->keys);
}

static void reopen(Bench *b)
{
    store_close(b->store);
    b->store = store_migrated(b->address, 2);
}

static void open_keys(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bool sealed;
    store_open_personal(b->store, b->keys, COUNTY, 7, &sealed, &error);
    g_assert_no_error(error);
    g_assert_true(!sealed || store_end_sealing(b->store, COUNTY, &error));
}

static void refuses_keys(Bench *b, enum trouble why, const char *reason)
{
    g_autoptr(GError) error = NULL, reading = NULL;
    bool sealed;
    g_assert_false(store_open_personal(b->store, b->keys, COUNTY, 7, &sealed, &error));
    g_assert_error(error, TROUBLE, (int)why);
    g_assert_nonnull(strstr(error->message, reason));
    g_assert_false(store_read_personal(b->store, b->keys, COUNTY, &reading));
    g_assert_cmpstr(reading->message, ==, error->message);
}

static char *sealed_by(Db *db, const char *of)
{
    g_autoptr(GError) error = NULL;
    char *sealed = personal_seal(db, COUNTY, PLACE, of, "张三示例", &error);
    g_assert_no_error(error);
    g_assert_null(strstr(sealed, "张"));
    return sealed;
}

static void opens(Db *db, const char *of, const char *sealed, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    personal_open(db, COUNTY, PLACE, of, sealed, &text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void opens_not(Db *db, int64_t county, const char *place, const char *of, const char *sealed)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_assert_false(personal_open(db, county, place, of, sealed, &text, &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_assert_null(text);
    g_assert_null(strstr(error->message, "张三"));
}

static char *hash_of(Db *db, int64_t county, const char *purpose, const char *text)
{
    g_autoptr(GError) error = NULL;
    char *hash = personal_hash(db, county, purpose, text, &error);
    g_assert_no_error(error);
    return hash;
}

/* ---- values ---- */

static void another_implementation_agrees(const void *server)
{
    Bench b;
    bench_open(&b, server);
    store_use_personal(b.store, COUNTY, known_keys);
    Db *db = store_reader(b.store, NULL);
    g_autofree char *hash = hash_of(db, COUNTY, "number", "330499198001010013");
    opens(db, "7", known_sealed, "张三示例");
    g_assert_cmpstr(hash, ==, known_hash);
    store_return(b.store, db);
    bench_close(&b);
}

static void a_value_opens_in_its_own_row_alone(const void *server)
{
    Bench b;
    bench_open(&b, server);
    store_use_personal(b.store, COUNTY, known_keys);
    store_use_personal(b.store, OTHER, known_keys);
    Db *db = store_reader(b.store, NULL);
    g_autofree char *sealed = sealed_by(db, "7"), *again = sealed_by(db, "7"), *of_another = sealed_by(db, "8");
    g_assert_cmpstr(sealed, !=, again);
    opens(db, "7", sealed, "张三示例");
    opens(db, "8", of_another, "张三示例");
    opens(db, "7", again, "张三示例");
    opens_not(db, COUNTY, PLACE, "8", sealed);
    opens_not(db, COUNTY, "thing.other", "7", sealed);
    opens_not(db, OTHER, PLACE, "7", sealed);
    opens_not(db, 330400, PLACE, "7", sealed); /* it has no keys */
    store_return(b.store, db);
    bench_close(&b);
}

/* A nonce that is used twice would give the key away. */
static void no_nonce_is_used_twice(const void *server)
{
    enum { MANY = 100, NONCE_TEXT = 16, KEY_TEXT = 3 };
    Bench b;
    bench_open(&b, server);
    store_use_personal(b.store, COUNTY, known_keys);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(GHashTable) nonces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < MANY; i++) {
        g_autofree char *sealed = sealed_by(db, "7");
        g_assert_true(g_hash_table_add(nonces, g_strndup(sealed + KEY_TEXT, NONCE_TEXT)));
    }
    store_return(b.store, db);
    bench_close(&b);
}

static void an_altered_value_does_not_open(const void *server)
{
    Bench b;
    bench_open(&b, server);
    store_use_personal(b.store, COUNTY, known_keys);
    Db *db = store_reader(b.store, NULL);
    g_autofree char *sealed = sealed_by(db, "7");
    for (size_t i = strlen("~1~"); sealed[i] && sealed[i] != '='; i++) {
        g_autofree char *altered = g_strdup(sealed);
        altered[i] = altered[i] == 'A' ? 'Z' : 'A';
        opens_not(db, COUNTY, PLACE, "7", altered);
    }
    static const char *const none[] = { "张三示例", "=张三示例", "~1~", "~2~AAAA", "~0~AAAA", "~-1~AAAA", "~1~AAAA", "~", "~1", "~101~AAAA" };
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        opens_not(db, COUNTY, PLACE, "7", none[i]);
    opens(db, "7", "", "");
    g_autofree char *empty = personal_seal(db, COUNTY, PLACE, "7", "", NULL);
    g_assert_cmpstr(empty, ==, "");
    store_return(b.store, db);
    bench_close(&b);
}

static void hashes_are_for_one_purpose_and_county(const void *server)
{
    Bench b;
    bench_open(&b, server);
    store_use_personal(b.store, COUNTY, known_keys);
    store_use_personal(b.store, OTHER, known_keys);
    Db *db = store_reader(b.store, NULL);
    g_autofree char *one = hash_of(db, COUNTY, "a", "bc"), *same = hash_of(db, COUNTY, "a", "bc"), *purpose = hash_of(db, COUNTY, "ab", "c"),
                    *county = hash_of(db, OTHER, "a", "bc");
    g_assert_cmpstr(one, ==, same);
    g_assert_cmpstr(one, !=, purpose);
    g_assert_cmpstr(one, !=, county);
    store_return(b.store, db);
    bench_close(&b);
}

/* ---- keys ---- */

static void keys_are_made_once_and_for_their_owner(const void *server)
{
    Bench b;
    struct stat about;
    bench_open(&b, server);
    open_keys(&b);
    g_assert_cmpint(stat(b.keys, &about), ==, 0);
    g_assert_cmpint(about.st_mode & 0777, ==, 0600);
    Db *db = store_reader(b.store, NULL);
    g_autofree char *sealed = sealed_by(db, "7");
    store_return(b.store, db);
    reopen(&b);
    open_keys(&b);
    db = store_reader(b.store, NULL);
    opens(db, "7", sealed, "张三示例");
    store_return(b.store, db);
    bench_close(&b);
}

/* Nothing is made anew over sealed data, and what is there stays. */
static void missing_and_other_keys_are_refused(const void *server)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b, server);
    open_keys(&b);
    reopen(&b);
    g_autofree char *aside = g_strconcat(b.keys, ".aside", NULL);
    g_assert_cmpint(g_rename(b.keys, aside), ==, 0);
    refuses_keys(&b, NOT_FOUND, "db.personal_missing");
    g_assert_false(g_file_test(b.keys, G_FILE_TEST_EXISTS));
    g_assert_true(personal_keys_make(b.keys, &error));
    refuses_keys(&b, CONFLICT, "db.personal_other");
    g_assert_cmpint(chmod(b.keys, 0644), ==, 0);
    refuses_keys(&b, CONFLICT, "base.secret_open");
    g_assert_cmpint(g_remove(b.keys), ==, 0);
    g_assert_true(secret_write(b.keys, "pinghu personal keys 1\nsearch 00\n1 11\n", &error));
    refuses_keys(&b, BAD_INPUT, "db.personal_form");
    g_assert_cmpint(g_rename(aside, b.keys), ==, 0);
    open_keys(&b);
    bench_close(&b);
}

static void a_renewed_key_seals_and_the_earlier_one_still_opens(const void *server)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b, server);
    g_assert_false(personal_keys_add(b.keys, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    open_keys(&b);
    Db *db = store_reader(b.store, NULL);
    g_autofree char *sealed = sealed_by(db, "7"), *hash = hash_of(db, COUNTY, "number", "1");
    store_return(b.store, db);
    g_clear_error(&error);
    g_assert_true(personal_keys_add(b.keys, &error));
    reopen(&b);
    open_keys(&b);
    db = store_reader(b.store, NULL);
    g_autofree char *later = sealed_by(db, "7"), *same = hash_of(db, COUNTY, "number", "1");
    g_assert_true(g_str_has_prefix(sealed, "~1~"));
    g_assert_true(g_str_has_prefix(later, "~2~"));
    opens(db, "7", sealed, "张三示例");
    opens(db, "7", later, "张三示例");
    g_assert_cmpstr(hash, ==, same);
    store_return(b.store, db);
    bench_close(&b);
}

static void add(const char *path, void test(const void *server))
{
    g_autofree char *other = g_strconcat("/postgresql", path, NULL);
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    g_test_add_data_func(path, NULL, test);
    if (server)
        g_test_add_data_func(other, server, test);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/db/personal/another implementation agrees", another_implementation_agrees);
    add("/db/personal/a value opens in its own row alone", a_value_opens_in_its_own_row_alone);
    add("/db/personal/no nonce is used twice", no_nonce_is_used_twice);
    add("/db/personal/an altered value does not open", an_altered_value_does_not_open);
    add("/db/personal/hashes are for one purpose and county", hashes_are_for_one_purpose_and_county);
    add("/db/personal/keys are made once and for their owner", keys_are_made_once_and_for_their_owner);
    add("/db/personal/missing and other keys are refused", missing_and_other_keys_are_refused);
    add("/db/personal/a renewed key seals and the earlier one still opens", a_renewed_key_seals_and_the_earlier_one_still_opens);
    return g_test_run();
}
