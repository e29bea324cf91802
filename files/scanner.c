// SPDX-License-Identifier: Apache-2.0
/* clamd's protocol, which other scanners speak too: "zINSTREAM\0", then pieces of the file, each behind its length in four bytes, the last of
 * them empty; the answer is one line that ends with a zero byte. */
#include "files/scanner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PIECE = 1 << 16, LINE_MOST = 1024, TRYING_SECONDS = 2 };

struct Scanner {
    char *name; /* as it was given */
    union {
        struct sockaddr any;
        struct sockaddr_un local;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } address;
    socklen_t length;
    bool lets_in;
    int seconds;
    atomic_bool is_away;
};

/* ---- its address ---- */

static bool take_path(Scanner *self, const char *path)
{
    if (*path != '/' || strlen(path) >= sizeof self->address.local.sun_path)
        return false;
    self->address.local.sun_family = AF_UNIX;
    g_strlcpy(self->address.local.sun_path, path, sizeof self->address.local.sun_path);
    self->length = sizeof self->address.local;
    return true;
}

/* Papers go there in clear. */
static bool take_loopback(Scanner *self, const char *host, in_port_t port)
{
    enum { LOOPBACK = 127, TOP = 24 };
    if (inet_pton(AF_INET6, host, &self->address.six.sin6_addr) == 1) {
        self->address.six.sin6_family = AF_INET6;
        self->address.six.sin6_port = htons(port);
        self->length = sizeof self->address.six;
        return IN6_IS_ADDR_LOOPBACK(&self->address.six.sin6_addr);
    }
    self->address.four.sin_family = AF_INET;
    self->address.four.sin_port = htons(port);
    self->length = sizeof self->address.four;
    return inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &self->address.four.sin_addr) == 1 &&
           ntohl(self->address.four.sin_addr.s_addr) >> TOP == LOOPBACK;
}

static bool take_address(Scanner *self)
{
    enum { DIGITS = 5, PORT_MOST = 65535 };
    const char *colon = strrchr(self->name, ':');
    if (g_str_has_prefix(self->name, "unix:"))
        return take_path(self, self->name + strlen("unix:"));
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    if (!digits || digits > DIGITS || colon[1 + digits] || atoi(colon + 1) < 1 || atoi(colon + 1) > PORT_MOST)
        return false;
    bool is_bracketed = *self->name == '[' && colon > self->name + 1 && colon[-1] == ']';
    g_autofree char *host = g_strndup(self->name + is_bracketed, (size_t)(colon - self->name) - 2 * is_bracketed);
    return take_loopback(self, host, (in_port_t)atoi(colon + 1));
}

Scanner *scanner_open(const char *address, bool lets_in, int seconds, GError **error)
{
    Scanner *self = g_new0(Scanner, 1);
    self->name = g_strdup(address);
    self->lets_in = lets_in;
    self->seconds = seconds;
    if (take_address(self))
        return self;
    scanner_close(self);
    return refuse(error, BAD_INPUT, "files.scanner_address", "address", address, NULL);
}

void scanner_close(Scanner *self)
{
    if (!self)
        return;
    g_free(self->name);
    g_free(self);
}

/* ---- one talk ---- */

typedef struct Talk {
    int socket;
    gint64 until;
} Talk;

/* Waits for one of the events; 0 when there is no time left. */
static int ready(const Talk *self, short events)
{
    for (;;) {
        struct pollfd wait = { .fd = self->socket, .events = events };
        gint64 left = self->until - g_get_monotonic_time();
        int count = left > 0 ? poll(&wait, 1, (int)(left / 1000) + 1) : 0;
        if (count >= 0 || errno != EINTR)
            return count > 0 ? wait.revents : 0;
    }
}

static bool reach(Talk *self, const Scanner *scanner, int seconds)
{
    int trouble = 0;
    self->until = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    self->socket = socket(scanner->address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (self->socket < 0)
        return false;
    if (connect(self->socket, &scanner->address.any, scanner->length) == 0)
        return true;
    return errno == EINPROGRESS && ready(self, POLLOUT) &&
           getsockopt(self->socket, SOL_SOCKET, SO_ERROR, &trouble, &(socklen_t){ sizeof trouble }) == 0 && trouble == 0;
}

/* False when the scanner hears no more: it may have answered before it was told all. */
static bool tell(const Talk *self, const void *bytes, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        int events = ready(self, POLLIN | POLLOUT);
        if (!(events & POLLOUT) || events & POLLIN)
            return false;
        ssize_t count = send(self->socket, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        sent += (size_t)MAX(count, 0);
    }
    return true;
}

static bool tell_file(const Talk *self, int file)
{
    uint32_t length;
    ssize_t count;
    off_t at = 0;
    g_autofree char *piece = g_malloc(PIECE);
    do {
        count = pread(file, piece, PIECE, at);
        length = htonl((uint32_t)MAX(count, 0));
        at += count;
    } while (count >= 0 && tell(self, &length, sizeof length) && tell(self, piece, (size_t)count) && count > 0);
    return count == 0;
}

/* One whole line without its zero byte; false for one that is cut, too long or late. */
static bool hear(const Talk *self, char line[static LINE_MOST])
{
    size_t length = 0;
    ssize_t count = 1;
    while (count > 0 && length < LINE_MOST && ready(self, POLLIN)) {
        count = recv(self->socket, line + length, LINE_MOST - length, 0);
        if (count > 0 && memchr(line + length, '\0', (size_t)count))
            return true;
        length += (size_t)MAX(count, 0);
    }
    return false;
}

/* ---- what its answers mean ---- */

/* Is told once when it goes, and once when it is back. */
static void note(Scanner *self, bool is_away, const char *why)
{
    if (atomic_exchange(&self->is_away, is_away) == is_away)
        return;
    if (is_away)
        g_warning("the virus scanner at %s does not judge files: %s", self->name, why);
    else
        g_message("the virus scanner at %s judges files again", self->name);
}

static enum scan scan_of(Scanner *self, const char *line)
{
    static const char begins[] = "stream: ", found[] = " FOUND";
    bool is_of_file = g_str_has_prefix(line, begins);
    g_autofree char *shown = g_strescape(line, NULL);
    if (is_of_file && g_str_has_suffix(line, found))
        g_warning("the virus scanner refuses a file that was handed in: %s", shown);
    bool is_large = g_str_has_suffix(line, " ERROR") && strstr(line, "size limit exceeded");
    bool is_infected = is_of_file && g_str_has_suffix(line, found), is_clean = strcmp(line, "stream: OK") == 0;
    note(self, !is_large && !is_infected && !is_clean, shown);
    return is_clean ? SCAN_CLEAN : is_infected ? SCAN_INFECTED : is_large ? SCAN_TOO_LARGE : SCAN_AWAY;
}

static bool converse(const Scanner *self, int file, char line[static LINE_MOST])
{
    static const char order[] = "zINSTREAM", ping[] = "zPING";
    Talk talk = { .socket = -1 };
    bool heard = reach(&talk, self, file < 0 ? MIN(TRYING_SECONDS, self->seconds) : self->seconds);
    if (heard && file < 0)
        heard = tell(&talk, ping, sizeof ping);
    else if (heard && tell(&talk, order, sizeof order))
        tell_file(&talk, file); /* its answer tells whether it took all */
    heard = heard && hear(&talk, line);
    if (talk.socket >= 0)
        close(talk.socket);
    return heard;
}

enum scan scanner_judge(Scanner *self, int file)
{
    char line[LINE_MOST] = "";
    if (converse(self, file, line))
        return scan_of(self, line);
    note(self, true, "no answer");
    return SCAN_AWAY;
}

bool scanner_try(Scanner *self)
{
    char line[LINE_MOST] = "";
    bool is_there = converse(self, -1, line) && strcmp(line, "PONG") == 0;
    note(self, !is_there, "no answer");
    return is_there;
}

bool scanner_lets_in(const Scanner *self)
{
    return self->lets_in;
}

const char *scanner_trouble(const Scanner *self)
{
    return !self || !atomic_load(&self->is_away) ? NULL : self->lets_in ? "files.scanner_away_unscanned" : "files.scanner_away_refused";
}
