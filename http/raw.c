// SPDX-License-Identifier: Apache-2.0
/* Answers that are neither JSON nor a page of it: bytes, a file, a file from another machine. */
#include "http/state.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- sending ---- */

static char *disposition_of(const RequestState *self)
{
    g_autofree char *name = self->name ? g_uri_escape_string(self->name, NULL, FALSE) : g_strdup("");
    return g_strdup_printf("%s; filename*=UTF-8''%s", self->attached ? "attachment" : "inline", name);
}

static enum MHD_Result send_raw(RequestState *self, struct MHD_Response *response)
{
    g_autofree char *disposition = disposition_of(self);
    MHD_add_response_header(response, "Content-Disposition", disposition);
    return answer_reply(self, MHD_HTTP_OK, response, self->type, self->for_ever ? "public, max-age=31536000, immutable" : "private, no-store");
}

static void drop_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

static enum MHD_Result send_bytes(RequestState *self)
{
    size_t length;
    const void *data = g_bytes_get_data(self->bytes, &length);
    GBytes *held = g_steal_pointer(&self->bytes);
    return send_raw(self, MHD_create_response_from_buffer_with_free_callback_cls(length, (void *)(uintptr_t)data, drop_bytes, held));
}

/* Takes over the file. */
static enum MHD_Result send_open(RequestState *self, int file, const char *name)
{
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0) {
        if (file >= 0)
            close(file);
        fault(&self->error, "%s is gone", name);
        return answer_send(self);
    }
    return send_raw(self, MHD_create_response_from_fd64((uint64_t)about.st_size, file));
}

enum MHD_Result raw_send(RequestState *self)
{
    if (self->bytes)
        return send_bytes(self);
    if (self->file_path)
        return send_open(self, open(self->file_path, O_RDONLY | O_CLOEXEC), self->file_path);
    int file = self->remote_file;
    self->remote_file = -1;
    return send_open(self, file, self->remote_key);
}

/* ---- what handlers ask ---- */

json_t *answer_bytes(Request *r, GBytes *bytes, const char *type, const char *name, bool attached)
{
    RequestState *state = r->state;
    g_clear_pointer(&state->bytes, g_bytes_unref);
    state->bytes = bytes;
    g_free(state->type);
    g_free(state->name);
    state->type = g_strdup(type);
    state->name = g_strdup(name);
    state->attached = attached;
    return json_null();
}

json_t *answer_table(Request *r, const ViewTable *table, const char *name, const char *format, GError **error)
{
    bool is_csv = strcmp(format, "csv") == 0;
    g_autofree char *file = g_strdup_printf("%s.%s", name, format);
    GBytes *bytes = is_csv ? view_csv(table) : view_xlsx(table, error);
    const char *type = is_csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return bytes ? answer_bytes(r, bytes, type, file, true) : NULL;
}

json_t *answer_file(Request *r, const char *path, const char *type, const char *name, bool attached, GError **error)
{
    if (access(path, R_OK) != 0)
        return fault(error, "%s cannot be read", path);
    g_free(r->state->file_path);
    r->state->file_path = g_strdup(path);
    return answer_bytes(r, NULL, type, name, attached);
}

json_t *answer_remote_file(Request *r, FetchFile *fetch, const void *source, const char *key, const char *type, const char *name,
                           bool attached)
{
    RequestState *state = r->state;
    state->fetch = fetch;
    state->source = source;
    g_free(state->remote_key);
    state->remote_key = g_strdup(key);
    return answer_bytes(r, NULL, type, name, attached);
}

void answer_for_ever(Request *r)
{
    r->state->for_ever = true;
}
