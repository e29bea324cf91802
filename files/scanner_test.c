// SPDX-License-Identifier: Apache-2.0
/* A scanner of the test's own, that answers each file as it is told to. */
#include "files/scanner.h"

#include <glib/gstdio.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* EICAR's test file, which every scanner calls infected; in two parts, so that no scanner finds it here. */
#define EICAR "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

enum manner { JUDGES, SAYS_TOO_LARGE, SAYS, CUTS, HANGS };

typedef struct Fake {
    char *folder, *path, *address;
    int door;
    pthread_t thread;
    enum manner manner;
    const char *says;
    GString *heard; /* the file, without what frames it */
} Fake;

static bool take(int from, void *bytes, size_t length)
{
    return recv(from, bytes, length, MSG_WAITALL) == (ssize_t)length;
}

/* All pieces of the file, or the first alone. */
static void hear_file(Fake *self, int guest)
{
    uint32_t length = 1;
    while (take(guest, &length, sizeof length) && length) {
        g_autofree char *piece = g_malloc(ntohl(length));
        g_assert_true(take(guest, piece, ntohl(length)));
        g_string_append_len(self->heard, piece, ntohl(length));
        if (self->manner == SAYS_TOO_LARGE)
            return;
    }
}

static void say(int guest, const char *text, size_t length)
{
    g_assert_cmpint(send(guest, text, length, MSG_NOSIGNAL), ==, (ssize_t)length);
}

/* Answers one guest. */
static void *answer(void *data)
{
    char order[sizeof "zINSTREAM"], rest;
    Fake *self = data;
    int guest = accept(self->door, NULL, NULL);
    g_assert_true(take(guest, order, sizeof order));
    g_assert_cmpstr(order, ==, "zINSTREAM");
    hear_file(self, guest);
    static const char found[] = "stream: Eicar-Test-Signature FOUND", clean[] = "stream: OK", large[] = "INSTREAM size limit exceeded. ERROR";
    const char *judged = strstr(self->heard->str, EICAR) ? found : clean;
    const char *text = self->manner == JUDGES ? judged : self->manner == SAYS_TOO_LARGE ? large : self->says;
    if (self->manner == HANGS)
        g_assert_cmpint(recv(guest, &rest, 1, 0), ==, 0); /* until the other side has had enough */
    else
        say(guest, text, strlen(text) + (self->manner != CUTS));
    close(guest);
    return NULL;
}

static void fake_open(Fake *self, enum manner manner, const char *says)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    *self = (Fake){ .folder = g_dir_make_tmp("scanner-XXXXXX", NULL), .manner = manner, .says = says, .heard = g_string_new(NULL) };
    self->path = g_build_filename(self->folder, "clamd.ctl", NULL);
    self->address = g_strconcat("unix:", self->path, NULL);
    g_strlcpy(at.sun_path, self->path, sizeof at.sun_path);
    self->door = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(self->door, (const struct sockaddr *)&at, sizeof at), ==, 0);
    g_assert_cmpint(listen(self->door, 4), ==, 0);
    g_assert_cmpint(pthread_create(&self->thread, NULL, answer, self), ==, 0);
}

static void fake_close(Fake *self)
{
    pthread_join(self->thread, NULL);
    close(self->door);
    g_unlink(self->path);
    g_rmdir(self->folder);
    g_string_free(self->heard, TRUE);
    g_free(self->path);
    g_free(self->address);
    g_free(self->folder);
}

static int file_of(const char *content, size_t length)
{
    g_autofree char *path = NULL;
    int file = g_file_open_tmp("scanned-XXXXXX", &path, NULL);
    g_assert_cmpint(write(file, content, length), ==, (ssize_t)length);
    g_unlink(path);
    return file;
}

static enum scan judged(const char *address, const char *content, size_t length, int seconds)
{
    g_autoptr(Scanner) scanner = scanner_open(address, false, seconds, NULL);
    int file = file_of(content, length);
    enum scan found = scanner_judge(scanner, file);
    bool is_away = scanner_trouble(scanner) != NULL;
    g_assert_cmpint(is_away, ==, found == SCAN_AWAY);
    close(file);
    return found;
}

static void what_is_clean_passes_and_what_is_infected_does_not(void)
{
    enum { LONG = 300 * 1000, SECONDS = 60 };
    g_autofree char *text = g_strnfill(LONG, 'a'), *infected = g_strconcat(text, EICAR, NULL);
    Fake fake;
    fake_open(&fake, JUDGES, NULL);
    g_assert_cmpint(judged(fake.address, text, LONG, SECONDS), ==, SCAN_CLEAN);
    g_assert_cmpstr(fake.heard->str, ==, text);
    fake_close(&fake);

    fake_open(&fake, JUDGES, NULL);
    g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "*refuses a file*Eicar-Test-Signature FOUND");
    g_assert_cmpint(judged(fake.address, infected, strlen(infected), SECONDS), ==, SCAN_INFECTED);
    g_test_assert_expected_messages();
    g_assert_cmpstr(fake.heard->str, ==, infected);
    fake_close(&fake);
}

/* It answers while most of the file is still to come, and hears no more. */
static void what_is_too_large_is_told_apart(void)
{
    enum { LONG = 5000 * 1000, SECONDS = 60 };
    g_autofree char *text = g_strnfill(LONG, 'a');
    Fake fake;
    fake_open(&fake, SAYS_TOO_LARGE, NULL);
    g_assert_cmpint(judged(fake.address, text, LONG, SECONDS), ==, SCAN_TOO_LARGE);
    fake_close(&fake);
}

static void what_cannot_be_used_counts_as_no_answer(void)
{
    g_autofree char *endless = g_strnfill(5000, 'x');
    const struct { enum manner manner; const char *says; } cases[] = {
        { SAYS, "" }, { SAYS, "stream: OK and more" }, { SAYS, "OK" }, { SAYS, "other: Eicar FOUND" }, { SAYS, "UNKNOWN COMMAND" },
        { SAYS, "stream: Can't allocate memory ERROR" }, { SAYS, "\xff\xfe\x01" }, { SAYS, endless }, { CUTS, "stream: O" },
        { CUTS, "stream: OK" }, { CUTS, "" }, { HANGS, NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fake fake;
        fake_open(&fake, cases[i].manner, cases[i].says);
        g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "*does not judge files*");
        g_assert_cmpint(judged(fake.address, "text", 4, cases[i].manner == HANGS ? 1 : 60), ==, SCAN_AWAY);
        g_test_assert_expected_messages();
        fake_close(&fake);
    }
}

static void a_scanner_that_is_not_there_is_away(void)
{
    g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "*does not judge files*");
    g_assert_cmpint(judged("unix:/nowhere/clamd.ctl", "text", 4, 1), ==, SCAN_AWAY);
    g_test_assert_expected_messages();
}

static void addresses_of_this_machine_are_taken(void)
{
    static const char *const fit[] = { "unix:/run/clamav/clamd.ctl", "127.0.0.1:3310", "localhost:3310", "[::1]:3310", "127.1.2.3:1" };
    static const char *const wrong[] = { "", "unix:", "unix:clamd.ctl", "192.0.2.1:3310", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
                                         "127.0.0.1:33x", "[::2]:3310", "clamd.example:3310", ":3310", "[]:3310", "0.0.0.0:3310" };
    for (size_t i = 0; i < G_N_ELEMENTS(fit); i++) {
        g_autoptr(Scanner) scanner = scanner_open(fit[i], false, 1, NULL);
        g_assert_nonnull(scanner);
        g_assert_null(scanner_trouble(scanner));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(scanner_open(wrong[i], false, 1, &error));
        g_assert_error(error, TROUBLE, BAD_INPUT);
    }
    g_autofree char *deep = g_strnfill(200, 'd'), *path = g_strconcat("unix:/", deep, NULL);
    g_assert_null(scanner_open(path, false, 1, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scanner/what is clean passes, and what is infected does not", what_is_clean_passes_and_what_is_infected_does_not);
    g_test_add_func("/scanner/what is too large is told apart", what_is_too_large_is_told_apart);
    g_test_add_func("/scanner/what cannot be used counts as no answer", what_cannot_be_used_counts_as_no_answer);
    g_test_add_func("/scanner/a scanner that is not there is away", a_scanner_that_is_not_there_is_away);
    g_test_add_func("/scanner/addresses of this machine are taken", addresses_of_this_machine_are_taken);
    return g_test_run();
}
