// SPDX-License-Identifier: Apache-2.0
/* Answers that are neither JSON nor a page of it: bytes, a file, a file from another machine. */
#include "http/state.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

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

static bool accepts_gzip(const RequestState *self)
{
    static const char gzip[] = "(^|,)\\s*(gzip|\\*)\\s*(;\\s*q=(1(\\.0*)?|0?\\.0*[1-9][0-9]*))?\\s*(,|$)";
    const char *accepted = state_header(self, "Accept-Encoding");
    return accepted && g_regex_match_simple(gzip, accepted, G_REGEX_CASELESS | G_REGEX_RAW, 0);
}

/* Takes over the bytes. */
static GBytes *packed(GBytes *bytes)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY = 8 };
    z_stream stream = { 0 };
    gsize length;
    g_autoptr(GBytes) owned = bytes;
    stream.next_in = (Bytef *)(uintptr_t)g_bytes_get_data(owned, &length);
    stream.avail_in = (uInt)length;
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        g_error("no memory to pack an answer");
    uLong most = deflateBound(&stream, (uLong)length);
    stream.next_out = g_malloc(most);
    stream.avail_out = (uInt)most;
    Bytef *out = stream.next_out;
    deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return g_bytes_new_take(out, stream.total_out);
}

static void drop_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

static enum MHD_Result send_bytes(RequestState *self)
{
    size_t length;
    bool packs = self->packs && accepts_gzip(self);
    GBytes *held = g_steal_pointer(&self->bytes);
    if (packs)
        held = packed(held);
    const void *data = g_bytes_get_data(held, &length);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(length, (void *)(uintptr_t)data, drop_bytes, held);
    if (self->packs)
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (packs)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return send_raw(self, response);
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

void answer_packed(Request *r)
{
    r->state->packs = true;
}

void answer_for_ever(Request *r)
{
    r->state->for_ever = true;
}
