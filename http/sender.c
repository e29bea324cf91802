// SPDX-License-Identifier: Apache-2.0
#include "http/state.h"

#include <arpa/inet.h>
#include <string.h>

/* A household has 64 bits of an IPv6 address for itself. */
static char *address_text(const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text, sizeof text);
    if (address->sa_family == AF_INET6) {
        struct in6_addr whole = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (!IN6_IS_ADDR_V4MAPPED(&whole))
            memset(&whole.s6_addr[8], 0, 8);
        inet_ntop(AF_INET6, &whole, text, sizeof text);
    }
    return g_strdup(text);
}

typedef struct Line {
    const char *name, *value; /* NULL: none yet */
} Line;

static enum MHD_Result take_line(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    Line *line = closure;
    if (g_ascii_strcasecmp(name, line->name) == 0)
        line->value = value;
    return MHD_YES;
}

/* A proxy writes behind all that the sender may have written himself: into the same line, or as a line of its own. */
static char *forwarded_address(const RequestState *self)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = { 0 };
    Line line = { .name = self->http->settings.address_header };
    MHD_get_connection_values(self->conn, MHD_HEADER_KIND, take_line, &line);
    const char *comma = line.value ? strrchr(line.value, ',') : NULL;
    g_autofree char *last = g_strstrip(g_strdup(comma ? comma + 1 : line.value ? line.value : ""));
    if (inet_pton(AF_INET, last, &address.v4.sin_addr) == 1)
        address.any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, last, &address.v6.sin6_addr) == 1)
        address.any.sa_family = AF_INET6;
    return address_text(&address.any);
}

char *sender_address(const RequestState *self)
{
    if (self->http->settings.address_header)
        return forwarded_address(self);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(self->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return self->http->settings.behind_tls || !info ? g_strdup("") : address_text(info->client_addr);
}
