// SPDX-License-Identifier: Apache-2.0
/* A file is judged by its first bytes, which tell its kind, and by a process of its own, which tries to open it. */
#include "files/room.h"
#include "files/scanner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- its kind ---- */

static const struct {
    const char *type;
    size_t at, length;
    const char *bytes;
} kinds[] = {
    { "image/jpeg", 0, 3, "\xff\xd8\xff" },
    { "image/png", 0, 8, "\x89PNG\r\n\x1a\n" },
    { "image/webp", 8, 4, "WEBP" },
    { "image/tiff", 0, 4, "II*\0" },
    { "image/tiff", 0, 4, "MM\0*" },
    { "image/tiff", 0, 4, "II+\0" }, /* BigTIFF */
    { "image/tiff", 0, 4, "MM\0+" },
    { "application/ofd", 0, 4, "PK\x03\x04" },
};

static const struct { const char *brand, *type; } brands[] = { /* of HEIF (ISO/IEC 23008-12, annex B; AV1 Image File Format) */
    { "heic", "image/heic" }, { "heix", "image/heic" }, { "heim", "image/heic" }, { "heis", "image/heic" }, { "hevc", "image/heic" },
    { "hevx", "image/heic" }, { "hevm", "image/heic" }, { "hevs", "image/heic" }, { "avif", "image/avif" }, { "avis", "image/avif" },
    { "mif1", "image/heic" }, { "msf1", "image/heic" },
};

static const char *brand_type(const unsigned char *brand)
{
    for (size_t i = 0; i < G_N_ELEMENTS(brands); i++)
        if (memcmp(brand, brands[i].brand, 4) == 0)
            return brands[i].type;
    return NULL;
}

/* The brands stand in the file's first box, the major one before the others; mif1 and msf1 leave open how the pictures are packed. */
static const char *heif_type(const unsigned char *head, size_t length)
{
    enum { MAJOR = 8, OTHERS = 16 };
    if (length < MAJOR + 4 || memcmp(head + 4, "ftyp", 4) != 0)
        return NULL;
    const char *type = brand_type(head + MAJOR);
    size_t end = MIN(length, (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3]);
    bool is_open = type && head[MAJOR] == 'm';
    for (size_t at = OTHERS; is_open && at + 4 <= end; at += 4)
        if (memcmp(head + at, "avif", 4) == 0)
            return "image/avif";
    return type;
}

const char *files_sniff(const unsigned char *head, size_t length)
{
    enum { PDF_WITHIN = 1024 }; /* bytes: ISO 32000-1, annex H.3, note 13 */
    if (!length) /* `head` may be NULL then, which memmem does not take */
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (length >= kinds[i].at + kinds[i].length && memcmp(head + kinds[i].at, kinds[i].bytes, kinds[i].length) == 0)
            return kinds[i].type;
    const char *type = heif_type(head, length);
    return type ? type : memmem(head, MIN(length, (size_t)PDF_WITHIN), "%PDF-", 5) ? "application/pdf" : NULL;
}

bool files_is_shown(const char *type)
{
    static const char *const shown[] = { "application/pdf", "image/jpeg", "image/png", "image/webp", "image/avif", NULL };
    return g_strv_contains(shown, type);
}

/* ---- its name ---- */

static const struct { const char *type, *endings[4]; } endings[] = { /* the first is put where there is none */
    { "application/pdf", { ".pdf" } }, { "image/jpeg", { ".jpg", ".jpeg", ".jfif" } }, { "image/png", { ".png" } }, { "image/webp", { ".webp" } },
    { "image/heic", { ".heic", ".heif" } }, { "image/avif", { ".avif" } }, { "image/tiff", { ".tif", ".tiff" } }, { "application/ofd", { ".ofd" } },
};

/* The type whose ending a name has; -1: none that is known. */
static int claimed(const char *dot)
{
    for (int i = 0; dot && i < (int)G_N_ELEMENTS(endings); i++)
        for (int j = 0; endings[i].endings[j]; j++)
            if (g_ascii_strcasecmp(dot, endings[i].endings[j]) == 0)
                return i;
    return -1;
}

char *files_name(const char *name, const char *type)
{
    const char *dot = strrchr(name, '.');
    int claim = claimed(dot), own = 0;
    while (strcmp(endings[own].type, type) != 0)
        own++;
    if (claim == own)
        return g_strdup(name);
    size_t stem = claim >= 0 || (dot && !dot[1]) ? (size_t)(dot - name) : strlen(name);
    return g_strdup_printf("%.*s%s", (int)stem, name, endings[own].endings[0]);
}

const char *paper_type(const Upload *upload, GError **error)
{
    const char *type = files_sniff(upload->head, (size_t)MIN(upload->size, (int64_t)sizeof upload->head));
    if (upload->size == 0)
        return refuse_field(error, "papers", "files.empty", "name", upload->name, NULL);
    if (upload->size > PAPER_MOST)
        return refuse_field(error, "papers", "files.too_large", "name", upload->name, NULL);
    return type ? type : refuse_field(error, "papers", "files.not_a_paper", "name", upload->name, NULL);
}

/* ---- viruses ---- */

static bool note_scan(const Request *r, enum security_outcome outcome, const char *purpose, GError **error)
{
    return http_security(r, &(SecurityEntry){ SECURITY_UPLOAD, outcome, SECURITY_COUNTED, .purpose = purpose }, error);
}

static bool let_in(const Request *r, Upload *upload, GError **error)
{
    if (!scanner_lets_in(files_scanner(r->context.files)))
        return refuse(error, BUSY, "files.scanner_away", NULL);
    upload->is_unscanned = true;
    return note_scan(r, SECURITY_DONE, "unscanned", error);
}

static bool judge(const Request *r, Upload *upload, enum scan found, GError **error)
{
    switch (found) {
    case SCAN_CLEAN:
        return true;
    case SCAN_INFECTED:
        return note_scan(r, SECURITY_REFUSED, "infected", error) && refuse_field(error, "papers", "files.infected", "name", upload->name, NULL);
    case SCAN_TOO_LARGE:
        return refuse_field(error, "papers", "files.too_large_to_scan", "name", upload->name, NULL);
    case SCAN_AWAY:
        break;
    }
    return let_in(r, upload, error);
}

/* A file that is empty or too large is refused later, without being read. */
bool paper_is_harmless(Request *r, Upload *upload, GError **error)
{
    Scanner *scanner = files_scanner(r->context.files);
    if (!scanner || upload->size == 0 || upload->size > PAPER_MOST)
        return true;
    int file = open(upload->path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fault(error, "%s: %s", upload->path, g_strerror(errno));
    enum scan found = scanner_judge(scanner, file);
    close(file);
    return judge(r, upload, found, error);
}

/* ---- the process that opens it ---- */

/* It lies beside the program that runs. Owned by the caller; NULL with errno. */
static char *reader_path(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL), *folder = program ? g_path_get_dirname(program) : NULL;
    return folder ? g_build_filename(folder, "pinghu-pages", NULL) : NULL;
}

/* The file is its input, `out` its output; it inherits nothing else, not even what the environment says. */
static bool spawn(pid_t *process, const char *type, int page, int file, int out)
{
    sigset_t none;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    g_autofree char *path = reader_path(), *number = g_strdup_printf("%d", page);
    char *const words[] = { path, (char *)(uintptr_t)type, number, NULL }, *const environment[] = { (char[]){ "LANG=C.UTF-8" }, NULL };
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, file, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&how, &none);
    errno = path ? posix_spawn(process, path, &files, &how, words, environment) : ENOENT;
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return errno == 0;
}

/* Reads all that the process writes; false when it takes too long, or writes too much. */
static bool hear(int from, GString *out)
{
    enum { SECONDS = 20, PIECE = 1 << 16, MOST = 32 << 20 };
    g_autofree char *piece = g_malloc(PIECE);
    gint64 until = g_get_monotonic_time() + SECONDS * G_USEC_PER_SEC;
    for (;;) {
        struct pollfd wait = { .fd = from, .events = POLLIN };
        gint64 left = until - g_get_monotonic_time();
        int ready = left > 0 ? poll(&wait, 1, (int)(left / 1000) + 1) : 0;
        if (ready == 0 || out->len > MOST)
            return false;
        ssize_t count = ready > 0 ? read(from, piece, PIECE) : -1;
        if (count == 0)
            return true;
        if (count < 0 && errno != EINTR)
            return false;
        g_string_append_len(out, piece, MAX(count, 0));
    }
}

/* A process that its limits ended found the file too heavy; one that broke in decoding it, damaged. */
static enum paper_finding finding_of(int status)
{
    if (WIFEXITED(status))
        return (enum paper_finding)WEXITSTATUS(status);
    return WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? PAPER_TOO_HEAVY : PAPER_DAMAGED;
}

static enum paper_finding await(pid_t process, int from, GString *out)
{
    int status = 0;
    if (!hear(from, out))
        kill(process, SIGKILL);
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    return finding_of(status);
}

static bool reader_away(const char *why, GError **error)
{
    g_warning("pinghu-pages, which opens papers and lies beside this program: %s", why);
    return refuse(error, BUSY, "files.reader_away", NULL);
}

static bool run(int file, const char *type, int page, enum paper_finding *finding, GString *out, GError **error)
{
    int ends[2];
    pid_t process = -1;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return reader_away(g_strerror(errno), error);
    bool begun = spawn(&process, type, page, file, ends[1]);
    int why = errno;
    close(ends[1]);
    if (begun)
        *finding = await(process, ends[0], out);
    close(ends[0]);
    if (!begun)
        return reader_away(g_strerror(why), error);
    return *finding == PAPER_WELL || (*finding > PAPER_UNREAD && *finding <= PAPER_NO_PAGE) || reader_away("it cannot begin its work", error);
}

bool paper_read(const Files *files, int file, const char *type, int page, enum paper_finding *finding, int *pages, GString *picture, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    files_reader_begin(files, page > 0);
    bool ran = run(file, type, page, finding, out, error);
    files_reader_end(files, page > 0);
    if (!ran || *finding != PAPER_WELL)
        return ran;
    char *line = memchr(out->str, '\n', out->len);
    *pages = atoi(out->str);
    if (line && picture)
        g_string_append_len(picture, line + 1, (gssize)(out->str + out->len - line - 1));
    return true;
}

static const struct { enum paper_finding finding; const char *reason; } refusals[] = {
    { PAPER_ENCRYPTED, "files.encrypted" }, { PAPER_TRUNCATED, "files.truncated" }, { PAPER_EMPTY, "files.no_pages" }, { PAPER_DAMAGED, "files.damaged" },
    { PAPER_TOO_LARGE, "files.too_many_pixels" }, { PAPER_TOO_HEAVY, "files.too_heavy" }, { PAPER_NOT_OFD, "files.not_ofd" },
};

bool paper_opens(const Files *files, const Upload *upload, GError **error)
{
    int pages = 0, file = open(upload->path, O_RDONLY | O_CLOEXEC);
    enum paper_finding finding = PAPER_UNREAD;
    const char *type = paper_type(upload, error);
    if (file < 0 || !type) {
        if (file >= 0)
            close(file);
        return type && fault(error, "%s: %s", upload->path, g_strerror(errno));
    }
    bool read = paper_read(files, file, type, PAPER_JUDGED, &finding, &pages, NULL, error);
    close(file);
    for (size_t i = 0; read && i < G_N_ELEMENTS(refusals); i++)
        if (refusals[i].finding == finding)
            return refuse_field(error, "papers", refusals[i].reason, "name", upload->name, NULL), false;
    return read;
}
