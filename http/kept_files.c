// SPDX-License-Identifier: Apache-2.0
/* The files of forms that are kept, in the folder of uploads under way: "kept-ACCOUNT-FORM-HASH", so that those of one account, and of one form,
 * are found by their names. They lie there for an hour, of one account together no more than one request may bring; beyond that those of its other forms go. */
#include "http/state.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME_PART = 16, LASTING_SECONDS = 60 * 60 };

static char *account_prefix(const KeptRow *row)
{
    g_autofree char *text = g_strdup_printf("%" PRId64 "/%d/%" PRId64, row->county, row->kind, row->actor), *hash = hash_text(text);
    return g_strdup_printf("kept-%.*s-", NAME_PART, hash);
}

static char *form_prefix(const KeptRow *row)
{
    g_autofree char *account = account_prefix(row), *text = g_strconcat(row->action, "\n", row->mark, NULL), *hash = hash_text(text);
    return g_strdup_printf("%s%.*s-", account, NAME_PART, hash);
}

static char *path_of(const RequestState *self, const KeptRow *row, const char *sha256)
{
    g_autofree char *prefix = form_prefix(row), *name = g_strconcat(prefix, sha256, NULL);
    return g_build_filename(self->site->incoming, name, NULL);
}

/* Name -> bytes, of those whose hour is not over; the others are deleted. */
static json_t *files_in(const char *folder)
{
    GStatBuf about;
    json_t *sizes = json_object();
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_str_has_prefix(name, "kept-") || g_stat(path, &about) != 0)
            continue;
        if (g_get_real_time() / G_USEC_PER_SEC - about.st_mtime > LASTING_SECONDS)
            g_unlink(path);
        else
            json_object_set_new(sizes, name, json_integer(about.st_size));
    }
    return sizes;
}

static bool is_listed(const json_t *files, const char *hash)
{
    size_t i;
    json_t *file;
    json_array_foreach((json_t *)files, i, file)
        if (strcmp(json_text(file, "sha256"), hash) == 0)
            return true;
    return false;
}

void kept_files_sweep(const RequestState *self, const KeptRow *row, const json_t *files)
{
    int64_t total = 0;
    const char *name;
    json_t *size;
    g_autofree char *form = form_prefix(row), *account = account_prefix(row);
    g_autoptr(json_t) sizes = files_in(self->site->incoming);
    json_object_foreach(sizes, name, size)
        total += g_str_has_prefix(name, account) ? json_integer_value(size) : 0;
    json_object_foreach(sizes, name, size) {
        bool is_own = g_str_has_prefix(name, form), is_crowded = total > self->http->settings.upload_most && json_array_size(files);
        g_autofree char *path = g_build_filename(self->site->incoming, name, NULL);
        if (g_str_has_prefix(name, account) && (is_own ? !is_listed(files, name + strlen(form)) : is_crowded))
            g_unlink(path);
    }
}

json_t *kept_files_take(RequestState *self, const KeptRow *row)
{
    json_t *files = json_array();
    for (guint i = 0; self->uploads && i < self->uploads->len; i++) {
        const Upload *upload = &g_array_index(self->uploads, Upload, i);
        g_autofree char *path = upload->path && !kept_is_at_fault(self, upload) ? path_of(self, row, upload->sha256) : NULL;
        if (!path || g_rename(upload->path, path) != 0)
            continue;
        g_autofree char *head = text_hex(upload->head, sizeof upload->head);
        json_array_append_new(files, json_pack("{s:s, s:s, s:s, s:I, s:s}", "field", upload->field, "name", upload->name, "sha256", upload->sha256,
                                               "size", (json_int_t)upload->size, "head", head));
    }
    return files;
}

json_t *kept_files_there(const RequestState *self, const KeptRow *row, const json_t *files)
{
    json_t *there = json_array(), *file;
    size_t i;
    json_array_foreach((json_t *)files, i, file) {
        g_autofree char *path = path_of(self, row, json_text(file, "sha256"));
        if (g_access(path, R_OK) == 0)
            json_array_append(there, file);
    }
    return there;
}

static void read_head(Upload *upload, const char *hex)
{
    for (size_t i = 0; i < sizeof upload->head && hex[2 * i] && hex[2 * i + 1]; i++)
        upload->head[i] = (unsigned char)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
}

/* A second name of the file, so that it is still there when the request is refused. */
void kept_files_attach(RequestState *self, const KeptRow *row, const json_t *file)
{
    g_autofree char *kept = path_of(self, row, json_text(file, "sha256")), *path = g_build_filename(self->site->incoming, "upload-XXXXXX", NULL);
    int made = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (made >= 0)
        close(made);
    if (made < 0 || g_unlink(path) != 0 || link(kept, path) != 0)
        return;
    Upload upload = { .field = g_strdup(json_text(file, "field")), .name = g_strdup(json_text(file, "name")), .path = g_steal_pointer(&path),
                      .size = json_number(file, "size") };
    g_strlcpy(upload.sha256, json_text(file, "sha256"), sizeof upload.sha256);
    read_head(&upload, json_text(file, "head"));
    g_array_append_val(self->uploads, upload);
}
