// SPDX-License-Identifier: Apache-2.0
/* The fixture of this room's tests: a server over tables of the test's own, asked over a real socket. */
#pragma once

#include "db/keys_test.h"
#include "db/server_test.h"
#include "http/ask_test.h"
#include "http/http.h"

#include <glib/gstdio.h>

enum { COUNTY = 330482 };
#define PUBLIC_URL "https://pinghu.example"

typedef struct Bench {
    char *folder, *database;
    Store *store;
    View *view;
    Http *http;
    Context world;
    int port;
    Room own; /* of the test */
    const Room *rooms[4];
} Bench;

/* The number of a member of the staff is the set of roles. */
static bool load_actor(Db *db, int64_t county, enum actor_kind kind, int64_t id, Day today, Actor *out, bool *found, GError **error)
{
    (void)db, (void)county, (void)today, (void)error;
    Post *post = g_new0(Post, 1);
    *post = (Post){ 1, 330482000000, kind == STAFF ? (unsigned)id : 0 };
    *out = (Actor){ .kind = kind, .id = id, .name = "", .posts = post, .post_count = 1 };
    *found = true;
    return true;
}

static void clear_actor(Actor *actor)
{
    g_free((Post *)(uintptr_t)actor->posts);
    *actor = (Actor){ 0 };
}

static Instant time_now = 1409720000000;

/* HttpSettings.security; NULL: nothing is logged. */
static bool (*bench_security)(const Context *context, const SecurityEntry *entry, GError **error);

static Instant test_clock(void)
{
    return time_now;
}

/* A test, and the server on which it is run; NULL: on a file. */
typedef struct BenchTest {
    void (*test)(void);
    const char *server;
} BenchTest;
static const char *bench_server;

static inline void bench_run(const void *data)
{
    const BenchTest *self = data;
    bench_server = self->server;
    self->test();
    bench_server = NULL;
}

/* Runs a test on a file, and again on PostgreSQL where PINGHU_DATABASE_SERVER names one. */
static inline void bench_add(const char *path, void test(void))
{
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    g_autofree char *other = g_strconcat("/postgresql", path, NULL);
    g_test_add_func(path, test);
    if (server)
        g_test_add_data_func_full(other, g_memdup2(&(BenchTest){ test, server }, sizeof(BenchTest)), bench_run, g_free);
}

/* Serves with other settings, in place of those before. */
static inline void bench_serve(Bench *b, HttpSettings settings)
{
    g_autoptr(GError) error = NULL;
    HttpSite site = { .world = &b->world, .store = b->store, .view = b->view, .incoming = b->folder };
    settings.listen = "127.0.0.1:0";
    settings.load_actor = load_actor;
    settings.clear_actor = clear_actor;
    settings.clock = test_clock;
    settings.security = bench_security;
    http_close(b->http);
    b->http = http_open(&settings, &site, 1, &error);
    g_assert_no_error(error);
    b->port = atoi(strrchr(http_address(b->http), ':') + 1);
}

static inline void bench_open_rooms(Bench *b, const Room *const *list)
{
    g_autoptr(GError) error = NULL;
    b->folder = g_dir_make_tmp("http-XXXXXX", NULL);
    b->database = bench_server ? make_database(bench_server) : g_build_filename(b->folder, "test.db", NULL);
    b->store = store_open(b->database, 4, NULL);
    g_assert_true(store_migrate(b->store, list, 0, &error));
    store_use_personal(b->store, COUNTY, TEST_KEYS);
    b->view = view_open(&error);
    g_assert_no_error(error);
    b->world = (Context){ .county = COUNTY, .public_url = PUBLIC_URL, .random = random_secure, .rooms = list };
    b->http = NULL;
    bench_serve(b, (HttpSettings){ .upload_most = 3 << 20 });
}

static inline void bench_open(Bench *b, const Route *routes)
{
    b->own = (Room){ "own", .routes = routes };
    memcpy(b->rooms, (const Room *[]){ &db_room, &http_room, &b->own, NULL }, sizeof b->rooms);
    bench_open_rooms(b, b->rooms);
}

static inline void bench_close(Bench *b)
{
    http_close(b->http);
    store_close(b->store);
    view_close(b->view);
    if (bench_server)
        drop_database(bench_server, b->database);
    g_free(b->database);
    g_autoptr(GDir) dir = g_dir_open(b->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(b->folder, name, NULL);
        g_assert_false(g_str_has_prefix(name, "upload-")); /* nothing of an upload is left behind */
        g_unlink(path);
    }
    g_rmdir(b->folder);
    g_free(b->folder);
}

static inline int send_bytes(const Bench *b, const char *bytes, size_t length)
{
    return port_send(b->port, bytes, length);
}

static inline char *ask_bytes(const Bench *b, const char *bytes, size_t length)
{
    return read_all(send_bytes(b, bytes, length));
}

static inline char *ask(const Bench *b, const char *method, const char *path, const char *headers, const char *body)
{
    return port_ask(b->port, method, path, headers, body);
}

static inline char *post_json(const Bench *b, const char *path, const char *key, const char *body)
{
    g_autofree char *headers = g_strdup_printf("Content-Type: application/json\r\nIdempotency-Key: %s\r\n", key);
    return ask(b, "POST", path, headers, body);
}
