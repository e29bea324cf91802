// SPDX-License-Identifier: Apache-2.0
/* Bodies as they come in: forms and JSON become the same list of texts per name; files go straight to
 * the disk, hashed on the way. The first thing wrong is remembered, the rest is read and dropped, so
 * that the asker gets an answer and not a broken connection. */
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
    json_array_append_new(values, json_string(value));
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

static void file_end(RequestState *self)
{
    if (self->file < 0)
        return;
    unsigned char hash[EVP_MAX_MD_SIZE];
    Upload *upload = &g_array_index(self->uploads, Upload, self->uploads->len - 1);
    EVP_DigestFinal_ex(self->digest, hash, NULL);
    g_autofree char *hex = text_hex(hash, 32);
    memcpy(upload->sha256, hex, sizeof upload->sha256);
    close(self->file);
    self->file = -1;
}

static void file_begin(RequestState *self, const char *field, const char *name)
{
    file_end(self);
    char *path = g_build_filename(self->site->incoming, "upload-XXXXXX", NULL);
    self->file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (self->file < 0) {
        g_free(path);
        wrong(self, FULL, "http.no_room_for_upload");
        return;
    }
    Upload upload = { .field = g_strdup(field), .name = clean_name(name), .path = path };
    g_array_append_val(self->uploads, upload);
    if (!self->digest)
        self->digest = EVP_MD_CTX_new();
    EVP_DigestInit_ex(self->digest, EVP_sha256(), NULL);
}

static void file_take(RequestState *self, const char *bytes, size_t length)
{
    if (self->file < 0 || self->body_error)
        return;
    self->received += (int64_t)length;
    if (self->received > self->http->settings.upload_most) {
        wrong(self, TOO_LARGE, "http.upload_too_large");
        return;
    }
    Upload *upload = &g_array_index(self->uploads, Upload, self->uploads->len - 1);
    if (upload->size < (int64_t)sizeof upload->head)
        memcpy(upload->head + upload->size, bytes, MIN(length, sizeof upload->head - (size_t)upload->size));
    upload->size += (int64_t)length;
    EVP_DigestUpdate(self->digest, bytes, length);
    if (!file_write(self->file, bytes, length))
        wrong(self, FULL, "http.no_room_for_upload");
}

/* ---- text fields ---- */

static void append_to_last(RequestState *self, const char *name, const char *bytes, size_t length)
{
    json_t *values = json_object_get(self->given, name);
    size_t last = json_array_size(values) - 1;
    const char *so_far = json_string_value(json_array_get(values, last));
    g_autofree char *longer = g_strdup_printf("%s%.*s", so_far, (int)length, bytes);
    json_array_set_new(values, last, json_stringn_nocheck(longer, strlen(longer)));
}

static void text_take(RequestState *self, const char *name, bool begins, const char *bytes, size_t length)
{
    self->received += (int64_t)length;
    if (self->received > BODY_MOST || length > INT32_MAX)
        wrong(self, TOO_LARGE, "http.body_too_large");
    if (json_object_size(self->given) >= FIELDS_MOST)
        wrong(self, BAD_INPUT, "http.too_many_fields");
    if (memchr(bytes ? bytes : "", '\0', length) || !text_is_clean(name, strlen(name)))
        wrong(self, BAD_INPUT, "http.not_text");
    if (self->body_error)
        return;
    if (begins)
        given_add(self->given, name, "");
    append_to_last(self, name, bytes ? bytes : "", length);
}

/* libmicrohttpd reports a part when its head is read, and again with its first bytes when those come in a later piece: the
 * upload must begin only once. */
static bool is_first_word_of(RequestState *self, const char *name, const char *filename, uint64_t at, size_t length)
{
    g_autofree char *part = g_strconcat(name, "\n", filename ? filename : "", NULL);
    bool told = self->told_part && strcmp(self->told_part, part) == 0;
    g_clear_pointer(&self->told_part, g_free);
    if (at == 0 && length == 0)
        self->told_part = g_steal_pointer(&part);
    return at == 0 && !told;
}

static enum MHD_Result on_value(void *closure, enum MHD_ValueKind kind, const char *name, const char *filename,
                                const char *type, const char *encoding, const char *bytes, uint64_t at, size_t length)
{
    (void)kind, (void)type, (void)encoding;
    RequestState *self = closure;
    if (!name)
        return MHD_YES;
    if (filename && !*filename && length == 0)
        return MHD_YES; /* a file input that was left empty */
    bool begins = is_first_word_of(self, name, filename, at, length);
    if (!filename) {
        text_take(self, name, begins, bytes, length);
        return MHD_YES;
    }
    if (begins && !self->body_error)
        file_begin(self, name, filename);
    file_take(self, bytes, length);
    return MHD_YES;
}

/* ---- the body as a whole ---- */

static bool begins_with(const char *type, const char *prefix)
{
    return type && g_ascii_strncasecmp(type, prefix, strlen(prefix)) == 0;
}

static bool is_announced_too_large(RequestState *self, GError **error)
{
    const char *length = state_header(self, "Content-Length");
    guint64 announced = length ? g_ascii_strtoull(length, NULL, 10) : 0;
    if (announced <= (guint64)self->http->settings.upload_most + BODY_MOST)
        return false;
    refuse(error, TOO_LARGE, "http.upload_too_large", NULL);
    return true;
}

bool body_begin(RequestState *self, GError **error)
{
    const char *type = state_header(self, "Content-Type");
    if (is_announced_too_large(self, error))
        return false;
    if (begins_with(type, "application/json")) {
        self->body_kind = JSON_BODY;
        self->body = g_string_new(NULL);
        return true;
    }
    if (begins_with(type, "application/x-www-form-urlencoded") || begins_with(type, "multipart/form-data")) {
        self->body_kind = FORM_BODY;
        self->uploads = g_array_new(FALSE, TRUE, sizeof(Upload));
        self->post = MHD_create_post_processor(self->conn, POST_BUFFER, on_value, self);
        return self->post || refuse(error, BAD_INPUT, "http.broken_form", NULL);
    }
    return !type || refuse(error, WRONG_TYPE, "http.wrong_type", "type", type, NULL);
}

void body_take(RequestState *self, const char *bytes, size_t length)
{
    if (self->body_kind == FORM_BODY && MHD_post_process(self->post, bytes, length) != MHD_YES)
        wrong(self, BAD_INPUT, "http.broken_form");
    if (self->body_kind == NO_BODY)
        wrong(self, WRONG_TYPE, "http.wrong_type");
    if (self->body_kind != JSON_BODY || self->body_error)
        return;
    if (self->body->len + length > BODY_MOST)
        wrong(self, TOO_LARGE, "http.body_too_large");
    else
        g_string_append_len(self->body, bytes, (gssize)length);
}

/* ---- JSON: every value becomes the list of texts that a form would have sent ---- */

static bool add_value(RequestState *self, const char *name, json_t *value)
{
    size_t i;
    json_t *one;
    g_autofree char *text = json_as_text(value);
    if (text)
        given_add(self->given, name, text);
    json_array_foreach(value, i, one) {
        if (!json_is_string(one))
            return false;
        given_add(self->given, name, json_string_value(one));
    }
    return text || json_is_array(value) || json_is_null(value);
}

static bool add_members(RequestState *self, json_t *object, GError **error)
{
    const char *name;
    json_t *value;
    if (json_object_size(object) > FIELDS_MOST)
        return refuse(error, BAD_INPUT, "http.too_many_fields", NULL);
    json_object_foreach(object, name, value)
        if (!add_value(self, name, value))
            return refuse(error, BAD_INPUT, "http.wrong_kind", "field", name, NULL);
    return true;
}

static bool read_json(RequestState *self, GError **error)
{
    json_error_t why;
    if (self->body->len == 0)
        return true;
    g_autoptr(json_t) object = json_loadb(self->body->str, self->body->len, JSON_REJECT_DUPLICATES, &why);
    if (!object)
        return refuse(error, BAD_INPUT, "http.broken_json", "line", DECIMAL(why.line), "column", DECIMAL(why.column), NULL);
    if (!json_is_object(object))
        return refuse(error, BAD_INPUT, "http.not_an_object", NULL);
    return add_members(self, object, error);
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

bool body_end(RequestState *self, GError **error)
{
    if (self->post && MHD_destroy_post_processor(self->post) != MHD_YES)
        wrong(self, BAD_INPUT, "http.broken_form");
    self->post = NULL;
    file_end(self);
    if (self->body_error) {
        g_propagate_error(error, g_steal_pointer(&self->body_error));
        return false;
    }
    if (self->body_kind == JSON_BODY && !read_json(self, error))
        return false;
    if (!tidy(self->given, self->body_kind != JSON_BODY))
        return refuse(error, BAD_INPUT, "http.not_text", NULL);
    self->key = take_reserved(self->given, "_key");
    self->form_token = take_reserved(self->given, "_token");
    g_autofree char *confirmed = take_reserved(self->given, "_confirmed"), *change = take_reserved(self->given, "_change");
    self->changes = change != NULL;
    self->is_confirmed = confirmed && !change;
    if (self->uploads) {
        self->request.uploads = (const Upload *)(void *)self->uploads->data;
        self->request.upload_count = self->uploads->len;
    }
    return true;
}

static enum MHD_Result on_argument(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    static const char *const of_the_page[] = { "lang", "size", NULL };
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
    if (self->body_error)
        g_propagate_error(error, g_steal_pointer(&self->body_error));
    return !*error;
}
