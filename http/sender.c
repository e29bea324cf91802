// SPDX-License-Identifier: Apache-2.0
#include "http/state.h"

#include <arpa/inet.h>
#include <string.h>

typedef union SenderAddress {
    struct sockaddr any; /* of no family: senders cannot be told apart */
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} SenderAddress;

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
static SenderAddress forwarded_address(const RequestState *self)
{
    SenderAddress address = { 0 };
    Line line = { .name = self->http->settings.address_header };
    MHD_get_connection_values(self->conn, MHD_HEADER_KIND, take_line, &line);
    const char *comma = line.value ? strrchr(line.value, ',') : NULL;
    g_autofree char *last = g_strstrip(g_strdup(comma ? comma + 1 : line.value ? line.value : ""));
    if (inet_pton(AF_INET, last, &address.v4.sin_addr) == 1)
        address.any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, last, &address.v6.sin6_addr) == 1)
        address.any.sa_family = AF_INET6;
    return address;
}

/* A household has 64 bits of an IPv6 address for itself. */
static SenderAddress address_of(const RequestState *self)
{
    SenderAddress address = { 0 };
    if (self->http->settings.address_header)
        address = forwarded_address(self);
    else if (!self->http->settings.behind_tls)
        address.v4 = *(const struct sockaddr_in *)(const void *)MHD_get_connection_info(self->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    if (address.any.sa_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&address.v6.sin6_addr))
        memset(&address.v6.sin6_addr.s6_addr[8], 0, 8);
    return address;
}

char *sender_address(const RequestState *self)
{
    char text[INET6_ADDRSTRLEN] = "";
    SenderAddress address = address_of(self);
    if (address.any.sa_family == AF_INET)
        inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text);
    if (address.any.sa_family == AF_INET6)
        inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text);
    return g_strdup(text);
}

uint64_t sender_number(const RequestState *self)
{
    uint64_t halves[2] = { 0 };
    SenderAddress address = address_of(self);
    if (address.any.sa_family == AF_INET6)
        memcpy(halves, &address.v6.sin6_addr, sizeof halves);
    return address.any.sa_family == AF_INET ? address.v4.sin_addr.s_addr : halves[0] ^ halves[1];
}
