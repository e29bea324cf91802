// SPDX-License-Identifier: Apache-2.0
/* Judges the head of a request more strictly than libmicrohttpd does: whatever a proxy could have read in another way is no
 * request (RFC 9112), for the two would not agree on where the next one begins. */
#include "http/state.h"

#include <string.h>

enum { VERSION_LENGTH = 8, LINE_END = 2 };

/* The header lines read so far, one after another. */
typedef struct Lines {
    const char *end; /* of the last line read, where libmicrohttpd received it */
    unsigned hosts, lengths;
    bool are_odd, touch; /* touch: each line begins where the one before it ended with CR and LF */
} Lines;

/* ---- the target ---- */

static const char marks[LONG_TARGET + 1]; /* of which the addresses alone tell something */

/* Together with what libmicrohttpd notes of each field it would fill the memory of the connection, which then answers nothing. */
static bool is_long(const char *target)
{
    enum { MOST = 40 * 1024, OF_FIELD = 80 };
    size_t length = 0;
    for (const char *at = target; *at; at++)
        length += *at == '&' ? 1 + OF_FIELD : 1;
    return length > MOST;
}

/* The fields of one that is too long are cut off, before libmicrohttpd takes them apart. */
void *head_target(void *closure, const char *target, Conn *conn)
{
    (void)closure, (void)conn;
    enum target found = target && *target ? PLAIN_TARGET : ODD_TARGET;
    for (const char *at = target; found == PLAIN_TARGET && *at; at++)
        found = (unsigned char)*at > ' ' && *at != '\x7f' && *at != '#' ? PLAIN_TARGET : ODD_TARGET;
    if (found == PLAIN_TARGET && is_long(target)) {
        char *fields = strchr((char *)(uintptr_t)target, '?');
        if (fields)
            fields[1] = '\0';
        found = LONG_TARGET;
    }
    return found == PLAIN_TARGET ? NULL : (void *)(uintptr_t)&marks[found];
}

enum target head_target_of(const void *held)
{
    return held == &marks[ODD_TARGET] ? ODD_TARGET : held == &marks[LONG_TARGET] ? LONG_TARGET : PLAIN_TARGET;
}

/* The absolute form, "http://pinghu.example/track", is for proxies, but a server takes it too; it must mean the host that was
 * asked. */
static bool take_absolute(RequestState *self)
{
    const char *host = state_header(self, MHD_HTTP_HEADER_HOST);
    size_t scheme = g_ascii_strncasecmp(self->path, "http://", 7) == 0 ? 7 : g_ascii_strncasecmp(self->path, "https://", 8) == 0 ? 8 : 0;
    size_t length = host ? strlen(host) : 0;
    if (!scheme || !length || g_ascii_strncasecmp(self->path + scheme, host, length) != 0)
        return false;
    g_autofree char *whole = self->path;
    const char *rest = whole + scheme + length;
    self->path = g_strdup(*rest ? rest : "/");
    return *self->path == '/';
}

/* ---- the lines ---- */

static bool is_name(const char *name)
{
    static const char further[] = "!#$%&'*+-.^_`|~";
    const char *at = name;
    while (*at && (g_ascii_isalnum(*at) || strchr(further, *at)))
        at++;
    return *name && !*at;
}

static bool is_value(const char *value)
{
    for (; *value; value++)
        if (g_ascii_iscntrl(*value) && *value != '\t')
            return false;
    return true;
}

static enum MHD_Result read_line(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    Lines *lines = closure;
    bool codes = g_ascii_strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    lines->hosts += g_ascii_strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
    lines->lengths += codes || g_ascii_strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    lines->are_odd |= !is_name(name) || !is_value(value) || (codes && g_ascii_strcasecmp(value, "chunked") != 0);
    lines->touch &= name == lines->end + LINE_END;
    lines->end = value + strlen(value);
    return MHD_YES;
}

/* libmicrohttpd ends a line at a bare LF too and, before 1.0, does not tell. But it leaves the head where it was received, so that lines that
 * ended with CR and LF lie just as far apart. Version 1.0 refuses others by itself (see http.c). */
static bool can_be_measured(void)
{
    return g_str_has_prefix(MHD_get_version(), "0.9.");
}

static bool has_whole_lines(const RequestState *self, const Head *head, const Lines *lines)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(self->conn, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    bool begins = head->url == head->method + strlen(head->method) + 1;
    return begins && lines->touch && lines->end + 2 * LINE_END == head->method + info->header_size;
}

/* ---- all together ---- */

static bool is_known_method(const char *method)
{
    static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", NULL };
    return g_strv_contains(known, method);
}

static bool is_odd(const RequestState *self, const Head *head, const Lines *lines)
{
    bool is_old = strcmp(head->version, MHD_HTTP_VERSION_1_0) == 0;
    if (head->target == ODD_TARGET || lines->are_odd || (!is_old && strcmp(head->version, MHD_HTTP_VERSION_1_1) != 0))
        return true;
    return (is_old && state_header(self, MHD_HTTP_HEADER_TRANSFER_ENCODING)) || (can_be_measured() && !has_whole_lines(self, head, lines));
}

bool head_judge(RequestState *self, const Head *head, GError **error)
{
    Lines lines = { .end = head->version + strlen(head->version), .touch = true };
    MHD_get_connection_values(self->conn, MHD_HEADER_KIND, read_line, &lines);
    if (!is_known_method(head->method))
        return refuse(error, BAD_INPUT, "http.unknown_method", "method", head->method, NULL);
    if (head->target == LONG_TARGET)
        return refuse(error, LONG_ADDRESS, "http.long_target", NULL);
    if (is_odd(self, head, &lines))
        return refuse(error, BAD_INPUT, "http.odd_head", NULL);
    if (lines.lengths > 1)
        return refuse(error, BAD_INPUT, "http.two_lengths", NULL);
    if (lines.hosts > 1 || (!lines.hosts && strcmp(head->version, MHD_HTTP_VERSION_1_1) == 0))
        return refuse(error, BAD_INPUT, "http.one_host", NULL);
    return *self->path == '/' || take_absolute(self) || refuse(error, BAD_INPUT, "http.other_host", NULL);
}
