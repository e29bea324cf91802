// SPDX-License-Identifier: Apache-2.0
/* Finds the route of an address in the rooms' tables. */
#include "http/state.h"

#include <string.h>

/* ---- patterns ---- */

static void clear_pattern(void *pattern)
{
    g_strfreev(((Pattern *)pattern)->segments);
}

/* The front page's "/" is one empty segment, of which g_strsplit would make none. */
static char **segments_of(const char *path)
{
    static const char *const front[] = { "", NULL };
    return path[1] ? g_strsplit(path + 1, "/", -1) : g_strdupv((char **)(uintptr_t)front);
}

/* "{path...}" at the end takes all that is left. */
static bool is_tail(const char *segment)
{
    return g_str_has_suffix(segment, "...}");
}

static const Route *routes_of(const Room *room, bool of_region)
{
    static const Route none[] = { { 0 } };
    const Route *table = of_region ? room->region_routes : room->routes;
    return table ? table : none;
}

static void append_routes(GArray *patterns, const Room *room, bool of_region)
{
    for (const Route *route = routes_of(room, of_region); route->method; route++) {
        Pattern made = { .room = room, .route = route, .segments = segments_of(route->path) };
        made.count = g_strv_length(made.segments);
        made.is_open = is_tail(made.segments[made.count - 1]);
        g_array_append_val(patterns, made);
    }
}

GArray *patterns_make(const Room *const *rooms, bool of_region)
{
    GArray *patterns = g_array_new(FALSE, FALSE, sizeof(Pattern));
    g_array_set_clear_func(patterns, clear_pattern);
    for (; *rooms; rooms++)
        append_routes(patterns, *rooms, of_region);
    return patterns;
}

/* ---- finding ---- */

static bool cut_path(RequestState *self)
{
    char *at = self->path + 1;
    if (*self->path != '/' || !text_is_clean(self->path, strlen(self->path)))
        return false;
    while (self->segment_count < PATH_SEGMENTS) {
        self->segments[self->segment_count++] = at;
        at = strchr(at, '/');
        if (!at)
            return true;
        *at++ = '\0';
    }
    return false;
}

static bool fits(const Pattern *pattern, char *const *segments, unsigned count)
{
    if (pattern->is_open ? count < pattern->count : count != pattern->count)
        return false;
    for (unsigned i = 0; i < pattern->count; i++) {
        bool is_part = pattern->segments[i][0] == '{';
        if (is_part ? !*segments[i] : strcmp(pattern->segments[i], segments[i]) != 0)
            return false;
    }
    return true;
}

/* ---- whether all can stand beside each other ---- */

/* Is there an address that fits both? */
static bool meet(const Pattern *a, const Pattern *b)
{
    for (unsigned i = 0; i < a->count && i < b->count; i++) {
        const char *x = a->segments[i], *y = b->segments[i];
        if (is_tail(x) || is_tail(y))
            return true;
        if (*x != '{' && *y != '{' && strcmp(x, y) != 0)
            return false;
    }
    return a->count == b->count;
}

/* Between rooms order means nothing; within one the narrower route stands first. */
static bool stand_together(const Pattern *first, const Pattern *second)
{
    if (strcmp(first->route->method, second->route->method) != 0)
        return true;
    return first->room == second->room ? !fits(first, second->segments, second->count) : !meet(first, second);
}

static bool patterns_fit(const GArray *patterns, GError **error)
{
    for (guint i = 0; i < patterns->len; i++)
        for (guint j = 0; j < i; j++) {
            const Pattern *first = &g_array_index(patterns, Pattern, j), *second = &g_array_index(patterns, Pattern, i);
            if (!stand_together(first, second))
                return fault(error, "%s %s of the room %s is %s of the room %s already", second->route->method, second->route->path,
                             second->room->name, first->route->path, first->room->name);
        }
    return true;
}

static bool leads_somewhere(const Tab *tab, const GArray *patterns)
{
    for (guint i = 0; i < patterns->len; i++) {
        const Route *route = g_array_index(patterns, Pattern, i).route;
        if (strcmp(route->method, "GET") == 0 && strcmp(route->path, tab->path) == 0)
            return true;
    }
    return false;
}

static const Tab *tab_like(const Room *const *rooms, const Tab *end)
{
    for (; *rooms; rooms++)
        for (const Tab *tab = (*rooms)->tabs; tab && tab->name; tab++)
            if (tab == end)
                return NULL;
            else if (strcmp(tab->name, end->name) == 0 || strcmp(tab->path, end->path) == 0)
                return tab;
    return NULL;
}

static bool tabs_fit(const Room *const *rooms, const GArray *patterns, GError **error)
{
    for (const Room *const *room = rooms; *room; room++)
        for (const Tab *tab = (*room)->tabs; tab && tab->name; tab++)
            if (tab_like(rooms, tab))
                return fault(error, "the tab %s (%s) of the room %s is there already", tab->name, tab->path, (*room)->name);
            else if (!leads_somewhere(tab, patterns))
                return fault(error, "the tab %s of the room %s leads to %s, which is no route", tab->name, (*room)->name, tab->path);
    return true;
}

bool routes_fit(const Room *const *rooms, GError **error)
{
    g_autoptr(GArray) patterns = patterns_make(rooms, false), of_region = patterns_make(rooms, true);
    return patterns_fit(patterns, error) && patterns_fit(of_region, error) && tabs_fit(rooms, patterns, error);
}

/* ---- finding the one that is meant ---- */

/* The segments stand one behind the other in the path, where a NUL replaced each slash. */
static void join_tail(RequestState *self, unsigned from)
{
    for (unsigned i = from + 1; i < self->segment_count; i++)
        self->segments[i][-1] = '/';
}

static void set_parts(RequestState *self, const Pattern *pattern)
{
    unsigned parts = 0;
    if (pattern->is_open)
        join_tail(self, pattern->count - 1);
    for (unsigned i = 0; i < pattern->count && parts < PARTS; i++)
        if (pattern->segments[i][0] == '{')
            self->parts[parts++] = self->segments[i];
    self->pattern = pattern;
    self->route = pattern->route;
    self->request.route = pattern->route->path;
}

/* HEAD is a GET whose body is not sent. */
static void allow(RequestState *self, const char *method)
{
    g_autofree char *before = self->allow;
    const char *offered = strcmp(method, "GET") == 0 ? "GET, HEAD" : method;
    self->allow = before ? g_strdup_printf("%s, %s", before, offered) : g_strdup(offered);
}

bool route_find(RequestState *self, const char *method, GError **error)
{
    if (!self->segment_count && !cut_path(self))
        return refuse(error, NOT_FOUND, "base.not_found", NULL);
    for (guint i = 0; i < self->patterns->len; i++) {
        const Pattern *pattern = &g_array_index(self->patterns, Pattern, i);
        if (!fits(pattern, self->segments, self->segment_count))
            continue;
        if (strcmp(pattern->route->method, method) == 0) {
            set_parts(self, pattern);
            return true;
        }
        allow(self, pattern->route->method);
    }
    return self->allow ? refuse(error, NO_SUCH_METHOD, "http.no_such_method", "method", method, NULL)
                       : refuse(error, NOT_FOUND, "base.not_found", NULL);
}

/* ---- filling ---- */

static const char *part_named(const RequestState *self, const char *name, size_t length)
{
    for (unsigned i = 0, part = 0; i < self->pattern->count; i++) {
        const char *segment = self->pattern->segments[i];
        if (segment[0] != '{')
            continue;
        if (strlen(segment) == length + 2 && strncmp(segment + 1, name, length) == 0)
            return self->parts[part];
        part++;
    }
    return "";
}

static void append_part(GString *out, const RequestState *self, const json_t *answer, const char *name, size_t length)
{
    g_autofree char *key = g_strndup(name, length);
    g_autofree char *value = json_as_text(json_object_get(answer, key));
    g_string_append_uri_escaped(out, value ? value : part_named(self, name, length), NULL, TRUE);
}

char *route_fill(const RequestState *self, const char *path, const json_t *answer)
{
    GString *out = g_string_new(NULL);
    while (*path) {
        size_t plain = strcspn(path, "{");
        g_string_append_len(out, path, (gssize)plain);
        path += plain;
        if (!*path)
            break;
        size_t length = strcspn(path, "}") - 1;
        append_part(out, self, answer, path + 1, length);
        path += length + 2;
    }
    return g_string_free(out, FALSE);
}

bool link_is_own(const char *path)
{
    if (path[0] != '/' || path[1] == '/')
        return false;
    for (; *path; path++)
        if (!g_ascii_isgraph(*path) || *path == '\\')
            return false;
    return true;
}

/* ---- who may pass ---- */

static bool has_post(const Actor *actor, unsigned roles)
{
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].roles & roles)
            return true;
    return false;
}

bool route_admits(const Route *route, const Actor *actor, GError **error)
{
    if (route->demand == ANYONE)
        return true;
    bool is_entry = route->demand & ENTRANTS, comes_in = actor->kind == ENTRANT && (actor->id || route->demand == ARRIVALS);
    if (is_entry && actor->kind == STAFF)
        return refuse(error, NOT_ALLOWED, "http.signed_in_already", NULL);
    if (is_entry)
        return comes_in || refuse(error, NOT_SIGNED_IN, "http.sign_in", NULL);
    if (actor->kind == VISITOR)
        return refuse(error, NOT_SIGNED_IN, route->demand == HOLDERS ? "http.show_number" : "http.sign_in", NULL);
    if (route->demand == HOLDERS || (actor->kind == STAFF && ((route->demand & WITHOUT_POST) || has_post(actor, route->demand))))
        return true;
    if (actor->kind == STAFF && !actor->post_count)
        return refuse(error, NOT_ALLOWED, actor->begins ? "http.post_begins" : "http.no_post", "day", DAY_WRITTEN(actor->begins ? actor->begins : DAY_NONE), NULL);
    return refuse(error, actor->kind == STAFF ? NOT_ALLOWED : NOT_SIGNED_IN,
                  actor->kind == STAFF ? "http.not_your_role" : "http.sign_in", NULL);
}

/* ---- the description of the API ---- */

static const char *const kind_names[] = {
    [FIELD_TEXT] = "text", [FIELD_LONG_TEXT] = "long text", [FIELD_SECRET] = "secret",
    [FIELD_INTEGER] = "integer", [FIELD_DAY] = "day YYYY-MM-DD", [FIELD_FLAG] = "flag",
    [FIELD_CHOICE] = "choice", [FIELD_LIST] = "list of texts", [FIELD_FILES] = "files",
    [FIELD_MONEY] = "yuan",
};

static json_t *field_json(const Field *field)
{
    json_t *made = json_pack("{s:s, s:s, s:b}", "name", field->name, "kind", kind_names[field->kind], "required", field->required);
    json_t *choices = field->choices ? json_array() : NULL;
    for (const char *const *choice = field->choices; choice && *choice; choice++)
        json_array_append_new(choices, json_string(*choice));
    if (choices)
        json_object_set_new(made, "choices", choices);
    return made;
}

static json_t *route_json(const Route *route)
{
    json_t *fields = json_array();
    for (const Field *field = route->fields; field && field->name; field++)
        json_array_append_new(fields, field_json(field));
    return json_pack("{s:s, s:s, s:b, s:b, s:b, s:o, s:s, s:o, s:s*}", "method", route->method, "path", route->path, "anyone",
                     route->demand == ANYONE, "holders", route->demand == HOLDERS, "entrants", (route->demand & ENTRANTS) != 0, "roles", roles_json(route->demand, NULL),
                     "does", route->does, "fields", fields, "shows", route->run ? route->redirect : NULL);
}

json_t *http_describe(const Context *world)
{
    json_t *routes = json_array();
    for (const Room *const *room = world->rooms; *room; room++)
        for (const Route *route = routes_of(*room, world->counties); route->method; route++)
            json_array_append_new(routes, route_json(route));
    return routes;
}

static json_t *api(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:o}", "routes", http_describe(&r->context));
}

static json_t *health(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_pack("{s:s}", "status", "open");
}

const Route http_routes[] = {
    { "GET", "/api", ANYONE, api, "http/api", NULL, NULL, NULL, "Everything that can be asked" },
    { "GET", "/session", HOLDERS, session_show, NULL, NULL, NULL, NULL, "Does the session of a member of the staff last? Whose it is, and the proof that its forms carry" },
    { "GET", "/session/{number}", HOLDERS, session_show, NULL, NULL, NULL, NULL, "The same of the session of a case" },
    { "GET", "/healthz", ANYONE, health, NULL, NULL, NULL, NULL, "Is the centre open?" },
    { 0 },
};
