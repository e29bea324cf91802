// SPDX-License-Identifier: Apache-2.0
/* For tests: a server of this machine is asked over a real socket. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From an address of this machine. */
static inline int port_send_from(in_addr_t from, int port, const char *bytes, size_t length)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(from) };
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int s = socket(AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint(bind(s, (struct sockaddr *)(void *)&own, sizeof own), ==, 0);
    g_assert_cmpint(connect(s, (struct sockaddr *)(void *)&to, sizeof to), ==, 0);
    for (size_t sent = 0; sent < length;) {
        ssize_t done = TEMP_FAILURE_RETRY(send(s, bytes + sent, length - sent, MSG_NOSIGNAL));
        if (done <= 0)
            break; /* refused before all was sent */
        sent += (size_t)done;
    }
    return s;
}

static inline int port_send(int port, const char *bytes, size_t length)
{
    return port_send_from(INADDR_ANY, port, bytes, length);
}

/* Reads until the other side closes; closes the socket. Owned by the caller. */
static inline char *read_all(int s)
{
    char piece[4096];
    ssize_t got;
    GString *answer = g_string_new(NULL);
    while ((got = recv(s, piece, sizeof piece, 0)) > 0)
        g_string_append_len(answer, piece, got);
    close(s);
    return g_string_free(answer, FALSE);
}

static inline char *port_ask(int port, const char *method, const char *path, const char *headers, const char *body)
{
    g_autofree char *text = g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
                                            method, path, strlen(body), headers, body);
    return read_all(port_send(port, text, strlen(text)));
}

static inline int status(const char *answer)
{
    return strlen(answer) > 12 ? atoi(answer + 9) : 0;
}

static inline const char *body_of(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end ? end + 4 : "";
}

#define ASSERT_ANSWER(answer, wanted, text)                       \
    do {                                                          \
        g_autofree char *got_answer = (answer);                   \
        if (status(got_answer) != (wanted) || !strstr(got_answer, (text))) \
            g_error("wanted %d with \"%s\", got: %s", (wanted), (text), got_answer); \
    } while (0)
