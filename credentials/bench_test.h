// SPDX-License-Identifier: Apache-2.0
/* For tests: a town with some people, asked over a real socket as a browser and as a program. */
#pragma once

#include "credentials/room.h"
#include "http/ask_test.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <sodium.h>

enum { COUNTY = 330482 };

static const char divisions[] = "code,level,kind,name,name_en,parent,centre,origin\n"
                                "330482000000,county,city,平湖市,Pinghu,,1,x\n"
                                "330482103000,town,town,新仓镇,Xincang Town,330482000000,1,x\n";
static const char organs[] =
    "number,code,name,name_en,short_name,kind,valid_from,valid_to,successor,address,address_en,"
    "telephone,hours,hours_en,origin\n"
    "90,T,便民服务中心,Town centre,中心,town_centre,2001-01-01,,,,,,,,x\n";

/* ---- the bench ---- */

typedef struct Bench {
    char *folder;
    Store *store;
    View *view;
    Http *http;
    Context world;
    int port, keys;
} Bench;

static Instant time_now;

static Instant test_clock(void)
{
    return time_now;
}

static bool people_arrive(Db *db, void *data, GError **error)
{
    static const Post clerk = { 90, 330482103000, CLERK },
                      keeper = { 90, 330482000000, CATALOGUER },
                      approver = { 90, 330482000000, APPROVER }, guard = { 90, 330482000000, SECURITY_ADMINISTRATOR };
    g_autofree char *of_zhang = credentials_hash("Pinghu-2014", true), *of_li = credentials_hash("Xincang-2014", true);
    const StaffEntry entries[] = {
        { .account = "zhang",
          .name = "张三",
          .hash = of_zhang,
          .posts = &clerk,
          .post_count = 1 },
        { .account = "li",
          .name = "李四",
          .hash = of_li,
          .posts = &keeper,
          .post_count = 1 },
        { .account = "wang", .name = "王五", .posts = &clerk, .post_count = 1 },
        { .account = "ma", .name = "马六", .hash = of_zhang, .posts = &approver, .post_count = 1 },
        { .account = "an", .name = "安七", .hash = of_zhang, .posts = &guard, .post_count = 1 },
    };
    const Context context = { .db = db, .county = COUNTY, .now = time_now };
    int64_t id;
    (void)data;
    if (!identity_import_divisions(&context, divisions, strlen(divisions), error) ||
        !identity_import_organs(&context, organs, strlen(organs), error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
        if (!identity_add_staff(&context, &entries[i], &id, error))
            return false;
    return true;
}

static void bench_open(Bench *b)
{
    g_autoptr(GError) error = NULL;
    time_now = instant_at(day_parse("2014-09-03"), 9 * 60);
    b->keys = 0;
    b->folder = g_dir_make_tmp("credentials-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(file, 4);
    store_write(b->store, people_arrive, NULL, &error);
    g_assert_no_error(error);
    b->view = view_open(&error);
    g_assert_no_error(error);
    b->world = (Context){ .county = COUNTY, .random = random_secure, .rooms = rooms };
    const HttpSite site = { .world = &b->world, .store = b->store, .view = b->view, .incoming = b->folder };
    const HttpSettings settings = { .listen = "127.0.0.1:0",
                                    .load_actor = identity_load_actor,
                                    .clear_actor = identity_clear_actor,
                                    .describe_actor = identity_describe_actor,
                                    .clock = test_clock };
    b->http = http_open(&settings, &site, 1, &error);
    g_assert_no_error(error);
    b->port = atoi(strrchr(http_address(b->http), ':') + 1);
}

static void bench_close(Bench *b)
{
    http_close(b->http);
    store_close(b->store);
    view_close(b->view);
    g_autoptr(GDir) dir = g_dir_open(b->folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(b->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(b->folder);
    g_free(b->folder);
}

/* Owned by the caller. */
static char *ask(const Bench *b, const char *method, const char *path, const char *headers, const char *body)
{
    return port_ask(b->port, method, path, headers, body);
}

static char *post(Bench *b, const char *path, const char *cookie, const char *body)
{
    g_autofree char *headers =
        g_strdup_printf("Content-Type: application/json\r\nIdempotency-Key: %d\r\nCookie: %s\r\n",
                        ++b->keys, cookie);
    return ask(b, "POST", path, headers, body);
}

static char *get(const Bench *b, const char *path, const char *cookie, const char *accept)
{
    g_autofree char *headers = g_strdup_printf("Accept: %s\r\nCookie: %s\r\n", accept, cookie);
    return ask(b, "GET", path, headers, "");
}

static char *sign_in_from(Bench *b, const char *device, const char *account, const char *password, const char *next)
{
    g_autofree char *body = g_strdup_printf(
        "{\"account\":\"%s\",\"password\":\"%s\",\"next\":\"%s\"}", account, password, next);
    return post(b, "/sign-in", device, body);
}

static char *sign_in(Bench *b, const char *account, const char *password, const char *next)
{
    return sign_in_from(b, "", account, password, next);
}

/* The cookie of a session that begins with this answer. */
static char *cookie_of(const char *answer)
{
    const char *cookie = strstr(answer, "Set-Cookie: pinghu=");
    if (!cookie)
        g_error("no session in: %s", answer);
    return g_strndup(cookie + strlen("Set-Cookie: "), strlen("pinghu=") + 64);
}

static char *session_of(Bench *b, const char *account, const char *password)
{
    g_autofree char *answer = sign_in(b, account, password, "");
    return cookie_of(answer);
}
