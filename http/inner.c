// SPDX-License-Identifier: Apache-2.0
/* A GET route that is asked while another request is answered: by the same person, in the same language, on a reader of its
 * own. A form that was refused is shown again so, and a program that prefers a representation (RFC 7240) gets one. */
#include "http/state.h"

#include <string.h>

/* ---- asking ---- */

static void take_over(RequestState *inner, const RequestState *self)
{
    inner->request = self->request;
    inner->request.state = inner;
    inner->wants_page = self->wants_page;
    g_strlcpy(inner->token, *self->begun_token ? self->begun_token : self->token, sizeof inner->token);
    inner->request.path = inner->parts;
    inner->request.uploads = NULL;
    inner->request.upload_count = 0;
    inner->request.prepared = NULL;
}

/* A request that has begun a session asks as the actor of that session. */
static bool take_begun_actor(RequestState *inner, const RequestState *self, GError **error)
{
    bool known = false;
    Context *context = &inner->request.context;
    if (self->error || self->begun_kind == VISITOR)
        return true;
    context->actor = &inner->actor;
    return self->http->settings.load_actor(context->db, context->county, self->begun_kind, self->begun_id, day_of(context->now),
                                           &inner->actor, &known, error);
}

json_t *inner_ask(RequestState *self, const char *path, InnerRun *run, const Route **route, GError **error)
{
    RequestState *inner = state_new(self->http, self->conn, path, "GET");
    take_over(inner, self);
    Db *db = route_find(inner, "GET", error) ? store_reader(self->site->store, error) : NULL;
    json_t *answer = NULL;
    if (db) {
        *route = inner->route;
        bool passes = state_enter(inner, db, error) && take_begun_actor(inner, self, error) &&
                      route_admits(inner->route, inner->request.context.actor, error);
        answer = passes ? run(inner, self, error) : NULL;
        json_decref(self->shown_parts);
        self->shown_parts = g_steal_pointer(&inner->shown_parts);
        self->is_form_shown = inner->is_form_shown;
        answer_show_actor(self, db);
        store_return(self->site->store, db);
    }
    state_free(inner);
    return answer;
}

/* ---- what a program prefers ---- */

/* RFC 7240 2: "a, return=representation; b", where names are compared without case, a value may be quoted, commas and all,
 * and of two preferences of one name the first holds. */
static bool prefers_representation(const RequestState *self)
{
    static const char preference[] = "\\G[\\s,]*([^=;,\\s\"]+)\\s*(?:=\\s*(?|\"([^\"]*)\"|([^;,\\s\"]*)))?(?:[^,\"]|\"[^\"]*\")*";
    const char *header = state_header(self, "Prefer");
    if (!header)
        return false;
    g_autoptr(GRegex) pattern = g_regex_new(preference, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    for (g_regex_match(pattern, header, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *name = g_match_info_fetch(match, 1), *value = g_match_info_fetch(match, 2);
        if (g_ascii_strcasecmp(name, "return") == 0)
            return g_strcmp0(value, "representation") == 0;
    }
    return false;
}

static void take_argument(void *name, void *value, void *given)
{
    given_add(given, name, value);
}

/* The path that a route names may carry arguments: "/desk/items?list=items_waiting". */
static json_t *run_with_arguments(RequestState *inner, const RequestState *self, GError **error)
{
    const char *arguments = strchr(self->route->redirect, '?');
    g_autoptr(GHashTable) parsed = arguments ? g_uri_parse_params(arguments + 1, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
    if (parsed)
        g_hash_table_foreach(parsed, take_argument, inner->given);
    return fields_check(inner, error) ? inner->route->run(&inner->request, error) : NULL;
}

void represent(RequestState *self)
{
    const Route *route;
    g_autoptr(GError) error = NULL;
    if (!self->route->run || !self->route->redirect || !prefers_representation(self))
        return;
    g_autofree char *path = route_fill(self, self->route->redirect, self->answer);
    path[strcspn(path, "?")] = '\0';
    json_t *shown = inner_ask(self, path, run_with_arguments, &route, &error);
    self->represented = json_is_object(shown);
    if (error)
        g_debug("%s is not shown: %s", path, error->message);
    json_decref(self->represented ? self->answer : shown);
    self->answer = self->represented ? shown : self->answer;
}
