// SPDX-License-Identifier: Apache-2.0
/* Bodies as they come in: forms and JSON become the same list of texts per name; files that may be
 * kept go straight to the disk, hashed on the way. The first thing wrong is remembered, the rest is read and
 * dropped, so that the asker gets an answer and not a broken connection. */
#include "http/state.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { POST_BUFFER = 8192, NAME_MOST = 120 };

void given_add(json_t *given, const char *name, const char *value)
{
    json_t *values = json_object_get(given, name);
    if (!values) {
        values = json_array();
        json_object_set_new(given, name, values);
    }
    json_array_append_new(values, json_stringn_nocheck(value, strlen(value))); /* see all_clean */
}

static void wrong(RequestState *self, enum trouble why, const char *reason)
{
    if (!self->body_error)
        refuse(&self->body_error, why, reason, NULL);
}

/* ---- files ---- */

/* The sender's name of the file without folders and without characters that a name must not hold. */
static char *clean_name(const char *name)
{
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    if (!text_is_clean(name, strlen(name)))
        return g_strdup("file");
    const char *end = g_utf8_strlen(name, -1) > NAME_MOST ? g_utf8_offset_to_pointer(name, NAME_MOST) : name + strlen(name);
    return g_strndup(name, (size_t)(end - name));
}

static void file_close(RequestState *self)
{
    if (self->file >= 0)
        close(self->file);
    self->file = -1;
}

static void file_end(RequestState *self)
{
    if (self->file < 0)
        return;
    unsigned char hash[EVP_MAX_MD_SIZE];
    Upload *upload = &g_array_index(self->uploads, Upload, self->uploads->len - 1);
    EVP_DigestFinal_ex(self->digest, hash, NULL);
    g_autofree char *hex = text_hex(hash, 32);
    memcpy(upload->sha256, hex, sizeof upload->sha256);
    file_close(self);
}

/* Where the upload goes, open; NULL when the disk has no room. */
static char *file_open(RequestState *self)
{
    g_autofree char *path = g_build_filename(self->site->incoming, "upload-XXXXXX", NULL);
    self->file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->file < 0) {
        wrong(self, FULL, "http.no_room_for_upload");
        return NULL;
    }
    if (!self->digest)
        self->digest = EVP_MD_CTX_new();
    EVP_DigestInit_ex(self->digest, EVP_sha256(), NULL);
    return g_steal_pointer(&path);
}

/* A file for which there is no field, or no more place in it, is told of in the refusal of the fields and not kept. */
static void file_begin(RequestState *self, const char *name, const char *sender_name)
{
    if (!text_is_clean(name, strlen(name))) { /* no refusal could name it */
        wrong(self, BAD_INPUT, "http.not_text");
        return;
    }
    const Field *field = field_in(self->route->fields, name);
    bool takes = field && field->kind == FIELD_FILES && (!field->most || (int64_t)uploads_of(self, name) < field->most);
    if (takes && !post_is_own_form(self, json_string_value(json_array_get(json_object_get(self->given, "_token"), 0)))) {
        wrong(self, NOT_ALLOWED, "http.form_too_old");
        return;
    }
    self->keeps = takes ? field->bytes : 0;
    Upload upload = { .field = g_strdup(name), .name = clean_name(sender_name), .path = takes ? file_open(self) : NULL };
    g_array_append_val(self->uploads, upload);
}

void body_drop_files(RequestState *self)
{
    file_close(self);
    for (guint i = 0; self->uploads && i < self->uploads->len; i++) {
        Upload *upload = &g_array_index(self->uploads, Upload, i);
        if (upload->path)
            unlink(upload->path);
        g_free((char *)(uintptr_t)upload->field);
        g_free((char *)(uintptr_t)upload->name);
        g_free((char *)(uintptr_t)upload->path);
    }
    if (self->uploads)
        g_array_set_size(self->uploads, 0);
}

static void file_take(RequestState *self, const char *bytes, size_t length)
{
    if (self->body_error || !self->uploads->len)
        return;
    self->file_bytes += (int64_t)length;
    if (self->file_bytes > self->http->settings.upload_most) {
        wrong(self, TOO_LARGE, "http.upload_too_large");
        return;
    }
    Upload *upload = &g_array_index(self->uploads, Upload, self->uploads->len - 1);
    if (upload->size < (int64_t)sizeof upload->head)
        memcpy(upload->head + upload->size, bytes, MIN(length, sizeof upload->head - (size_t)upload->size));
    upload->size += (int64_t)length;
    if (self->file >= 0 && self->keeps && upload->size > self->keeps) {
        file_close(self);
        unlink(upload->path);
    }
    if (self->file < 0)
        return;
    EVP_DigestUpdate(self->digest, bytes, length);
    if (!file_write(self->file, bytes, length))
        wrong(self, FULL, "http.no_room_for_upload");
}

/* ---- text fields ---- */

static void text_end(RequestState *self)
{
    if (!self->text_name)
        return;
    given_add(self->given, self->text_name, self->text->str);
    g_string_truncate(self->text, 0);
    g_clear_pointer(&self->text_name, g_free);
}

static void text_begin(RequestState *self, const char *name)
{
    if (!text_is_clean(name, strlen(name)))
        wrong(self, BAD_INPUT, "http.not_text");
    if (json_object_size(self->given) >= FIELDS_MOST)
        wrong(self, BAD_INPUT, "http.too_many_fields");
    if (!self->text)
        self->text = g_string_new(NULL);
    self->text_name = g_strdup(name);
}

static void text_take(RequestState *self, const char *bytes, size_t length)
{
    self->text_bytes += (int64_t)length;
    if (self->text_bytes > BODY_MOST)
        wrong(self, TOO_LARGE, "http.body_too_large");
    if (length && memchr(bytes, '\0', length))
        wrong(self, BAD_INPUT, "http.not_text");
    if (!self->body_error && self->text)
        g_string_append_len(self->text, bytes, (gssize)length);
}

/* libmicrohttpd reports a part when its head is read, and again with its first bytes when those come in a later piece: the
 * upload must begin only once. */
static bool is_first_word_of(RequestState *self, const char *name, const char *filename, uint64_t at, size_t length)
{
    if (at != 0)
        return false;
    g_autofree char *part = g_strconcat(name, "\n", filename ? filename : "", NULL);
    bool told = self->told_part && strcmp(self->told_part, part) == 0;
    g_clear_pointer(&self->told_part, g_free);
    if (length == 0)
        self->told_part = g_steal_pointer(&part);
    return !told;
}

static void count_value(RequestState *self)
{
    unsigned most = VALUES_MOST;
    for (const Field *field = self->route->fields; field && field->name; field++)
        most++;
    if (++self->values > most)
        wrong(self, BAD_INPUT, "http.too_many_fields");
}

static void part_take(RequestState *self, const char *name, const char *filename, bool begins, const char *bytes, size_t length)
{
    if (begins) {
        text_end(self);
        file_end(self);
    }
    if (begins && filename)
        file_begin(self, name, filename);
    else if (begins)
        text_begin(self, name);
    if (filename)
        file_take(self, bytes, length);
    else
        text_take(self, bytes, length);
}

static enum MHD_Result on_value(void *closure, enum MHD_ValueKind kind, const char *name, const char *filename,
                                const char *type, const char *encoding, const char *bytes, uint64_t at, size_t length)
{
    (void)kind, (void)type, (void)encoding;
    RequestState *self = closure;
    self->told = self->read;
    if (at == 0 && !self->body_error)
        count_value(self);
    if (self->body_error)
        return MHD_NO;
    bool is_empty = filename && !*filename && length == 0; /* a file input that was left empty */
    if (name && !is_empty)
        part_take(self, name, filename, is_first_word_of(self, name, filename, at, length), bytes, length);
    return MHD_YES;
}

/* ---- the body as a whole ---- */

static bool begins_with(const char *type, const char *prefix)
{
    return type && g_ascii_strncasecmp(type, prefix, strlen(prefix)) == 0;
}

static guint64 announced(const RequestState *self)
{
    const char *length = state_header(self, "Content-Length");
    return length ? g_ascii_strtoull(length, NULL, 10) : 0;
}

static bool is_announced_too_large(RequestState *self, int64_t most, const char *reason, GError **error)
{
    return announced(self) > (guint64)most && !refuse(error, TOO_LARGE, reason, NULL);
}

/* A body in chunks announces nothing, and may become as large as any. */
static bool takes_quota(RequestState *self, GError **error)
{
    enum { MEGABYTE = 20 /* bits */ };
    guint64 bytes = state_header(self, "Content-Length") ? announced(self) : (guint64)self->http->settings.upload_most;
    return !self->route->uploads || self->actor.kind != HOLDER ||
           quota_take(&self->request, self->route->uploads, self->token_hash ? self->token_hash : "", (int)(bytes >> MEGABYTE) + 1, error);
}

static bool takes_files(const Route *route)
{
    for (const Field *field = route->fields; field && field->name; field++)
        if (field->kind == FIELD_FILES)
            return true;
    return false;
}

static bool form_begin(RequestState *self, const char *type, GError **error)
{
    bool uploads = takes_files(self->route) && begins_with(type, "multipart/form-data");
    self->body_kind = FORM_BODY;
    self->uploads = g_array_new(FALSE, TRUE, sizeof(Upload));
    if (uploads ? !post_may_upload(self, error) || !takes_quota(self, error) : is_announced_too_large(self, ENCODED_MOST, "http.body_too_large", error))
        return false;
    self->body = state_header(self, MHD_HTTP_HEADER_TRANSFER_ENCODING) ? g_string_new(NULL) : NULL;
    self->post = MHD_create_post_processor(self->conn, POST_BUFFER, on_value, self);
    return self->post || refuse(error, BAD_INPUT, "http.broken_form", NULL);
}

bool body_begin(RequestState *self, GError **error)
{
    const char *type = state_header(self, "Content-Type");
    if (is_announced_too_large(self, self->http->settings.upload_most + BODY_MOST, "http.upload_too_large", error))
        return false;
    if (begins_with(type, "application/x-www-form-urlencoded") || begins_with(type, "multipart/form-data"))
        return form_begin(self, type, error);
    if (!begins_with(type, "application/json"))
        return !type || refuse(error, WRONG_TYPE, "http.wrong_type", "type", type, NULL);
    self->body_kind = JSON_BODY;
    self->body = g_string_new(NULL);
    return !is_announced_too_large(self, BODY_MOST, "http.body_too_large", error);
}

static void form_parse(RequestState *self, const char *bytes, size_t length)
{
    if (self->read - self->file_bytes > ENCODED_MOST)
        wrong(self, TOO_LARGE, "http.body_too_large");
    if (self->body_error)
        return;
    if (MHD_post_process(self->post, bytes, length) != MHD_YES || self->read - self->told > QUIET_MOST)
        wrong(self, BAD_INPUT, "http.broken_form");
    if (self->body_error)
        body_drop_files(self);
}

static void form_parse_gathered(RequestState *self)
{
    if (self->body && self->body->len)
        form_parse(self, self->body->str, self->body->len);
    if (self->body)
        g_string_truncate(self->body, 0);
}

/* libmicrohttpd hands on each chunk by itself, and its parser of forms takes as long for a byte as for a hundred. */
static void form_take(RequestState *self, const char *bytes, size_t length)
{
    enum { SMALL = 64 };
    if (self->body && length < SMALL && self->body->len + length <= POST_BUFFER) {
        g_string_append_len(self->body, bytes, (gssize)length);
        return;
    }
    form_parse_gathered(self);
    form_parse(self, bytes, length);
}

void body_take(RequestState *self, const char *bytes, size_t length)
{
    if (self->body_kind == FORM_BODY)
        form_take(self, bytes, length);
    if (self->body_kind == NO_BODY)
        wrong(self, WRONG_TYPE, "http.wrong_type");
    if (self->body_kind != JSON_BODY || self->body_error)
        return;
    if (self->body->len + length > BODY_MOST)
        wrong(self, TOO_LARGE, "http.body_too_large");
    else
        g_string_append_len(self->body, bytes, (gssize)length);
}

/* A text pasted into a form may hold control characters, such as a vertical tab, that nobody sees: without them it is the same
 * text, and a refusal would lose all that was typed. */
static json_t *without_controls(const char *text)
{
    g_autoptr(GString) kept = g_string_new(NULL);
    for (; *text; text++)
        if (!g_ascii_iscntrl(*text) || strchr("\t\n\r", *text))
            g_string_append_c(kept, *text);
    return json_stringn_nocheck(kept->str, kept->len);
}

/* False when what was given is no clean text. */
static bool tidy(json_t *given, bool drops_controls)
{
    const char *name;
    json_t *values;
    json_object_foreach(given, name, values)
        for (size_t i = 0; i < json_array_size(values); i++) {
            if (drops_controls)
                json_array_set_new(values, i, without_controls(json_string_value(json_array_get(values, i))));
            const char *text = json_string_value(json_array_get(values, i));
            if (!text_is_clean(name, strlen(name)) || !text_is_clean(text, strlen(text)))
                return false;
        }
    return true;
}

/* The fields _key and _token belong to http, not to the handler. */
static char *take_reserved(json_t *given, const char *name)
{
    char *text = g_strdup(json_string_value(json_array_get(json_object_get(given, name), 0)));
    json_object_del(given, name);
    return text;
}

static void take_row_button(RequestState *self)
{
    g_autofree char *asked = take_reserved(self->given, "_row");
    self->changes_rows = asked != NULL;
    if (asked)
        rows_change(self->given, asked);
}

bool body_end(RequestState *self, GError **error)
{
    if (self->post)
        form_parse_gathered(self);
    if (self->post && MHD_destroy_post_processor(self->post) != MHD_YES)
        wrong(self, BAD_INPUT, "http.broken_form");
    self->post = NULL;
    text_end(self);
    file_end(self);
    if (self->body_error) {
        g_propagate_error(error, g_steal_pointer(&self->body_error));
        return false;
    }
    if (self->body_kind == JSON_BODY && !body_read_json(self, error))
        return false;
    if (!tidy(self->given, self->body_kind != JSON_BODY))
        return refuse(error, BAD_INPUT, "http.not_text", NULL);
    self->key = take_reserved(self->given, "_key");
    self->form_token = take_reserved(self->given, "_token");
    g_autofree char *confirmed = take_reserved(self->given, "_confirmed"), *change = take_reserved(self->given, "_change");
    g_autofree char *save = take_reserved(self->given, "_save"), *drop = take_reserved(self->given, "_drop");
    take_row_button(self);
    self->wanted_files = json_incref(json_object_get(self->given, "_file"));
    json_object_del(self->given, "_file");
    self->saves = save != NULL;
    self->drops = drop != NULL;
    self->changes = change || self->changes_rows;
    self->is_confirmed = confirmed && !change;
    if (self->uploads) {
        self->request.uploads = (const Upload *)(void *)self->uploads->data;
        self->request.upload_count = self->uploads->len;
    }
    return true;
}

static enum MHD_Result on_argument(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    static const char *const of_the_page[] = { "lang", "size", "kiosk", NULL };
    (void)kind;
    RequestState *self = closure;
    if (g_strv_contains(of_the_page, name))
        return MHD_YES;
    if (!text_is_clean(name, strlen(name)) || (value && !text_is_clean(value, strlen(value))))
        wrong(self, BAD_INPUT, "http.not_text");
    else if (json_object_size(self->given) >= FIELDS_MOST)
        wrong(self, BAD_INPUT, "http.too_many_fields");
    else
        given_add(self->given, name, value ? value : "");
    return MHD_YES;
}

bool body_query(RequestState *self, GError **error)
{
    MHD_get_connection_values(self->conn, MHD_GET_ARGUMENT_KIND, on_argument, self);
    take_row_button(self);
    if (self->body_error)
        g_propagate_error(error, g_steal_pointer(&self->body_error));
    const char *name = json_object_iter_key(json_object_iter(self->given));
    bool takes_none = !self->route->fields && !self->route->page;
    return !*error && (!name || !takes_none || refuse(error, BAD_INPUT, "http.no_parameter", "name", name, NULL));
}
