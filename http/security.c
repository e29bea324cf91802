// SPDX-License-Identifier: Apache-2.0
/* Entries of the security log on their way to it. How often something has happened this day is counted in memory alone: a
 * program that starts anew begins to count anew, which writes an entry too many, and never one too few. */
#include "http/state.h"

#include <arpa/inet.h>
#include <string.h>

enum { NOTED_MOST = 20000, IN_V4 = 24, IN_V6 = 48, PATH_MOST = 120 };

typedef struct Noted {
    pthread_mutex_t lock; /* of the system, for the thread sanitizer sees no GLib lock */
    Day day;
    GHashTable *counts;   /* key -> how often this day */
} Noted;

Noted *noted_open(void)
{
    Noted *self = g_new0(Noted, 1);
    pthread_mutex_init(&self->lock, NULL);
    self->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void noted_close(Noted *self)
{
    g_hash_table_unref(self->counts);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

/* Counts `by` more and returns how many there are. When a day has brought too many different keys, the rest are counted as one. */
static int64_t count(Noted *self, Day today, const char *key, int by)
{
    pthread_mutex_lock(&self->lock);
    if (self->day != today)
        g_hash_table_remove_all(self->counts);
    self->day = today;
    const char *held = g_hash_table_contains(self->counts, key) || g_hash_table_size(self->counts) < NOTED_MOST ? key : "";
    int64_t counted = GPOINTER_TO_INT(g_hash_table_lookup(self->counts, held)) + by;
    if (by)
        g_hash_table_insert(self->counts, g_strdup(held), GINT_TO_POINTER((int)counted));
    pthread_mutex_unlock(&self->lock);
    return *held || by ? counted : 0;
}

/* ---- where it comes from ---- */

/* Owned by the caller. */
static char *network_of(const RequestState *self)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];
    g_autofree char *address = sender_address(self);
    int family = strchr(address, ':') ? AF_INET6 : AF_INET;
    size_t length = family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
    int kept = family == AF_INET6 ? IN_V6 : IN_V4;
    if (inet_pton(family, address, bytes) != 1)
        return g_strdup("");
    memset(bytes + kept / 8, 0, length - (size_t)kept / 8);
    inet_ntop(family, bytes, text, sizeof text);
    return g_strdup_printf("%s/%d", text, kept);
}

/* ---- writing ---- */

typedef struct Writing {
    const RequestState *state;
    const SecurityEntry *entry;
} Writing;

static bool write_entry(Db *db, void *data, GError **error)
{
    const Writing *self = data;
    Context context = self->state->request.context;
    context.db = db;
    return self->state->http->settings.security(&context, self->entry, error);
}

static bool put(const RequestState *state, const SecurityEntry *entry, GError **error)
{
    Db *db = state->request.context.db;
    Writing writing = { state, entry };
    return db && db_is_writer(db) ? write_entry(db, &writing, error) : store_write(state->site->store, write_entry, &writing, error);
}

static char *key_of(const RequestState *self, const SecurityEntry *entry)
{
    const Context *context = &self->request.context;
    bool is_counted = entry->often == SECURITY_COUNTED;
    return g_strdup_printf("%" PRId64 "/%d/%d/%d/%" PRId64 "/%s/%s/%s", context->county, entry->kind, entry->outcome, context->actor->kind,
                           context->actor->id, entry->account, is_counted ? self->route->path : entry->subject,
                           is_counted ? *entry->account || context->actor->id ? "" : entry->network : entry->purpose);
}

/* The 1st, 2nd, 4th, 8th … of many that are the same are told. */
static bool is_told(int64_t times)
{
    return (times & (times - 1)) == 0;
}

bool http_security(const Request *r, const SecurityEntry *entry, GError **error)
{
    const RequestState *state = r->state;
    SecurityEntry made = *entry;
    if (!state->http->settings.security)
        return true;
    made.account = made.account ? made.account : json_text(r->context.actor->shown, "account");
    made.subject = made.subject ? made.subject : "";
    made.purpose = made.purpose ? made.purpose : "";
    made.times = 1;
    Noted *noted = state->http->noted;
    Day today = day_of(r->context.now);
    g_autofree char *network = network_of(state), *key = made.often == SECURITY_EACH ? NULL : key_of(state, &made);
    made.network = network;
    if (made.often == SECURITY_DAILY && count(noted, today, key, 0))
        return true;
    if (made.often == SECURITY_COUNTED)
        made.times = count(noted, today, key, 1);
    if (!is_told(made.times))
        return true;
    bool written = put(state, &made, error);
    if (written && made.often == SECURITY_DAILY)
        count(noted, today, key, 1);
    return written;
}

/* ---- refusals ---- */

/* The address that was asked for where the room has found what it names and refused it to a member of the staff; else, since
 * anything may have been typed into it, the route's. Owned by the caller. */
static char *asked_for(const RequestState *self)
{
    g_autoptr(json_t) why = trouble_details(self->error);
    g_autofree char *path = route_fill(self, self->route->path, NULL);
    bool is_found = self->actor.kind == STAFF && !g_str_has_prefix(json_text(why, "reason"), "http.") && strlen(path) <= PATH_MOST;
    return g_strconcat(self->method, " ", is_found ? path : self->route->path, NULL);
}

void security_note_refusal(const RequestState *self)
{
    if (self->actor.kind == VISITOR || !self->route)
        return;
    g_autoptr(GError) error = NULL;
    g_autofree char *asked = asked_for(self);
    const SecurityEntry entry = { SECURITY_RIGHTS, SECURITY_REFUSED, SECURITY_COUNTED, .purpose = asked };
    if (!http_security(&self->request, &entry, &error))
        trouble_warn(error, "the security log");
}
