// SPDX-License-Identifier: Apache-2.0
/* Papers: judged by their bytes, kept once, recorded whole or not at all. */
#include "files/room.h"
#include "rooms_test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COUNTY = 330482 };

/* ---- what it is ---- */

static void a_paper_is_what_its_bytes_say(void)
{
#define HEAD(bytes) bytes, sizeof(bytes) - 1
#define HEIF(major, others) HEAD("\0\0\0\x1c" "ftyp" major "\0\0\0\0" others "mif1miaf")
    static const struct { const char *head; size_t length; const char *type; } cases[] = {
        { HEAD("%PDF-1.4\n%\xe2\xe3"), "application/pdf" }, { HEAD("%PDF-"), "application/pdf" }, { HEAD("%PDF"), NULL }, { HEAD("%"), NULL },
        { HEAD(" %PDF-1.4"), "application/pdf" }, { HEAD("\xef\xbb\xbf\r\n%PDF-1.7"), "application/pdf" },
        { HEAD("\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg" }, { HEAD("\xff\xd8\xff"), "image/jpeg" }, { HEAD("\xff\xd8\xff\xe0 %PDF-1.4"), "image/jpeg" },
        { HEAD("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "image/png" }, { HEAD("\x89PNG\n\x1a\n"), NULL },
        { HEAD("RIFF\x24\0\0\0WEBPVP8 "), "image/webp" }, { HEAD("RIFF\x24\0\0\0WAVEfmt "), NULL },
        { HEAD("II*\0\x08\0\0\0"), "image/tiff" }, { HEAD("MM\0*\0\0\0\x08"), "image/tiff" }, { HEAD("MM\0+\0\x08\0\0"), "image/tiff" }, { HEAD("II\0*"), NULL },
        { HEIF("heic", "heic"), "image/heic" }, { HEIF("heix", "heix"), "image/heic" }, { HEIF("heim", "heim"), "image/heic" },
        { HEIF("heis", "heis"), "image/heic" }, { HEIF("hevc", "hevc"), "image/heic" }, { HEIF("hevx", "hevx"), "image/heic" },
        { HEIF("mif1", "heic"), "image/heic" }, { HEIF("msf1", "hevc"), "image/heic" }, { HEIF("mif1", "avif"), "image/avif" },
        { HEIF("avif", "avif"), "image/avif" }, { HEIF("avis", "avis"), "image/avif" }, { HEIF("mp42", "isom"), NULL }, { HEIF("qt  ", "qt  "), NULL },
        { HEAD("\0\0\0\x18" "ftypmif1\0\0\0\0heic\0\0\0\x1c" "avif"), "image/heic" }, /* "avif" stands behind the box */
        { HEAD("\0\0\0\x18" "ftyphei"), NULL }, { HEAD("PK\x03\x04\x14\0"), "application/ofd" }, { HEAD("PK\x05\x06"), NULL },
        { HEAD("MZ\x90\0\x03\0\0\0"), NULL }, { HEAD("\x7f" "ELF\x02\x01"), NULL }, { HEAD("<svg xmlns="), NULL }, { HEAD("<html><script>"), NULL },
        { HEAD("GIF89a"), NULL }, { HEAD("平面图见附件"), NULL }, { HEAD(""), NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree unsigned char *exact = g_memdup2(cases[i].head, cases[i].length); /* a byte too far is noticed */
        const char *type = files_sniff(exact, cases[i].length);
        if (g_strcmp0(type, cases[i].type) != 0)
            g_error("%zu: wanted %s, got %s", i, cases[i].type, type);
    }
}

static void a_header_within_1024_bytes_makes_a_pdf(void)
{
    enum { LAST = 1024 - 5 };
    static const unsigned char mark[] = { '%', 'P', 'D', 'F', '-' };
    unsigned char head[2048] = "";
    memcpy(head + LAST, mark, sizeof mark);
    g_assert_cmpstr(files_sniff(head, sizeof head), ==, "application/pdf");
    memset(head, 0, sizeof head);
    memcpy(head + LAST + 1, mark, sizeof mark);
    g_assert_null(files_sniff(head, sizeof head));
}

static void a_name_is_given_the_right_ending(void)
{
    static const struct { const char *name, *type, *right; } cases[] = {
        { "申请书.pdf", "application/pdf", "申请书.pdf" }, { "申请书.PDF", "application/pdf", "申请书.PDF" }, { "申请书", "application/pdf", "申请书.pdf" },
        { "3.15申请书", "application/pdf", "3.15申请书.pdf" }, { "a.b.pdf", "application/pdf", "a.b.pdf" }, { "报告.", "application/pdf", "报告.pdf" },
        { "身份证.jpg", "image/png", "身份证.png" }, { "IMG_1.JPG", "image/heic", "IMG_1.heic" }, { "scan.tif.jpg", "image/tiff", "scan.tif.tif" },
        { "a.JPEG", "image/jpeg", "a.JPEG" }, { "IMG_2.heif", "image/heic", "IMG_2.heif" }, { "report.pdf.exe", "application/pdf", "report.pdf.exe.pdf" },
        { "证照.ofd", "application/ofd", "证照.ofd" }, { ".pdf", "image/jpeg", ".jpg" }, { "", "image/webp", ".webp" }, { "x.docx", "application/ofd", "x.docx.ofd" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *right = files_name(cases[i].name, cases[i].type);
        g_assert_cmpstr(right, ==, cases[i].right);
    }
}

/* ---- the bench ---- */

typedef struct Bench {
    char *folder, *papers;
    Store *store;
    Files *files;
    Context context;
} Bench;

static void bench_open(Bench *b)
{
    static const Post post = { 1, 330482103201, CLERK };
    static const Actor clerk = { .kind = STAFF, .id = 7, .name = "", .posts = &post, .post_count = 1 };
    g_autoptr(GError) error = NULL;
    b->folder = g_dir_make_tmp("files-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL);
    b->papers = g_strconcat(file, ".files", NULL);
    b->store = store_with_rooms(file, 2);
    b->files = files_open(b->papers, COUNTY, NULL, &error);
    g_assert_no_error(error);
    b->context = (Context){ .county = COUNTY, .actor = &clerk, .now = 1409720000000, .files = b->files, .random = random_secure };
}

static void bench_close(Bench *b)
{
    store_close(b->store);
    files_close(b->files);
    remove_tree(b->folder);
    g_free(b->folder);
    g_free(b->papers);
}

/* ---- keeping ---- */

static Upload upload_of(const Bench *b, const char *name, const char *content, size_t length)
{
    static int serial;
    Upload upload = { .field = "papers", .name = name, .size = (int64_t)length };
    upload.path = g_strdup_printf("%s/upload-%d", files_incoming(b->files), serial++);
    g_assert_true(g_file_set_contents(upload.path, content, (gssize)length, NULL));
    memcpy(upload.head, content, MIN(length, sizeof upload.head));
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content, length);
    memcpy(upload.sha256, hash, sizeof upload.sha256);
    return upload;
}

static void forget(Upload *upload)
{
    g_unlink(upload->path);
    g_free((char *)(uintptr_t)upload->path);
}

typedef struct Keeping {
    const Bench *bench;
    const Upload *upload;
    const char *subject;
    int times; /* the writer may run a work again */
    json_t *kept;
} Keeping;

static bool keep_work(Db *db, void *data, GError **error)
{
    Keeping *k = data;
    Context context = k->bench->context;
    context.db = db;
    for (int i = 0; i < k->times; i++) {
        json_decref(k->kept);
        k->kept = files_keep(&context, k->upload, k->subject, "申请书", error);
    }
    return k->kept != NULL;
}

static json_t *keep(const Bench *b, const Upload *upload, const char *subject, GError **error)
{
    Keeping k = { b, upload, subject, 1, NULL };
    store_write(b->store, keep_work, &k, error);
    return k.kept;
}

static json_t *papers_of(const Bench *b, const char *subject)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    json_t *papers = files_papers(db, COUNTY, subject, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return papers;
}

static size_t count_papers(const Bench *b, const char *subject)
{
    g_autoptr(json_t) papers = papers_of(b, subject);
    return json_array_size(papers);
}

/* The program's fsync: a folder may fail, and each that did not is counted. */
static struct Disk {
    bool fails;
    int folders;
} disk;

int fsync(int file) /* NOLINT(readability-inconsistent-declaration-parameter-name): libc names it by a reserved word */
{
    struct stat about;
    bool is_folder = fstat(file, &about) == 0 && S_ISDIR(about.st_mode);
    errno = EIO;
    if (is_folder && disk.fails)
        return -1;
    disk.folders += is_folder;
    return (int)syscall(SYS_fsync, file);
}

/* The first try has moved the paper before it failed. */
static void a_paper_that_is_there_already_is_on_the_disk_too(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    Upload first = upload_of(&b, "plan.pdf", "%PDF-1.4 once", 13), again = upload_of(&b, "plan.pdf", "%PDF-1.4 once", 13);
    disk.fails = true;
    g_assert_null(keep(&b, &first, "case/1", &error));
    g_assert_error(error, TROUBLE, FAULT);
    g_clear_error(&error);
    disk = (struct Disk){ 0 };
    g_autoptr(json_t) kept = keep(&b, &again, "case/1", &error);
    g_assert_no_error(error);
    g_assert_nonnull(kept);
    g_assert_cmpint(disk.folders, ==, 2); /* of the paper and of all */
    g_assert_cmpuint(count_papers(&b, "case/1"), ==, 1);
    forget(&first);
    forget(&again);
    bench_close(&b);
}

/* Files below a folder, whatever they are called. */
static size_t count_files(const char *path)
{
    size_t count = 0;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        count += g_file_test(inner, G_FILE_TEST_IS_DIR) ? count_files(inner) : 1;
    }
    return count;
}

static void what_is_kept_lies_at_its_hash(void)
{
    static const char content[] = "%PDF-1.4 the form";
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    Upload upload = upload_of(&b, "申请书.jpg", content, strlen(content)); /* put right */
    g_autoptr(json_t) kept = keep(&b, &upload, "case/1", &error);
    g_assert_no_error(error);
    g_assert_cmpint(json_number(kept, "paper"), ==, 1);
    g_assert_cmpstr(json_text(kept, "type"), ==, "application/pdf");
    g_assert_cmpstr(json_text(kept, "hash"), ==, upload.sha256);
    g_autofree char *path = files_path(b.files, upload.sha256), *bytes = NULL;
    g_assert_true(g_str_has_prefix(path, b.papers));
    g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
    g_assert_cmpstr(bytes, ==, content);
    g_assert_false(g_file_test(upload.path, G_FILE_TEST_EXISTS)); /* moved, not copied */
    g_autoptr(json_t) papers = papers_of(&b, "case/1");
    const json_t *paper = json_array_get(papers, 0);
    g_assert_cmpstr(json_text(paper, "name"), ==, "申请书.pdf");
    g_assert_cmpstr(json_text(paper, "material"), ==, "申请书");
    g_assert_cmpint(json_number(paper, "paper_size"), ==, upload.size);
    g_assert_cmpint(json_number(paper, "made_at"), ==, b.context.now);
    forget(&upload);
    bench_close(&b);
}

static void the_same_content_lies_there_once(void)
{
    static const char content[] = "\xff\xd8\xff\xe0 a photo";
    static const char *const subjects[] = { "case/1", "case/1", "case/2" };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        g_autoptr(GError) error = NULL;
        Upload upload = upload_of(&b, "photo.jpg", content, strlen(content));
        g_autoptr(json_t) kept = keep(&b, &upload, subjects[i], &error);
        g_assert_no_error(error);
        g_assert_cmpint(json_number(kept, "paper"), ==, i == 1 ? 2 : 1); /* counted in each subject */
        forget(&upload);
    }
    g_assert_cmpuint(count_files(b.papers), ==, 1);
    g_assert_cmpuint(count_papers(&b, "case/1"), ==, 2);
    g_assert_cmpuint(count_papers(&b, "case/2"), ==, 1);
    bench_close(&b);
}

/* After a neighbour's fault the writer runs a work again, with the file at its place already. */
static void a_work_may_run_again(void)
{
    static const char content[] = "%PDF-1.4 again";
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    Upload upload = upload_of(&b, "again.pdf", content, strlen(content));
    Keeping k = { &b, &upload, "case/1", 2, NULL };
    g_assert_true(store_write(b.store, keep_work, &k, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count_files(b.papers), ==, 1);
    json_decref(k.kept);
    forget(&upload);
    bench_close(&b);
}

static void assert_refused(const Bench *b, const Upload *upload, enum trouble why, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(keep(b, upload, "case/1", &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpint(error->code, ==, (int)why);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpuint(count_papers(b, "case/1"), ==, 0);
    g_assert_cmpuint(count_files(b->papers), ==, 1); /* the upload itself, still where it came in */
}

static void what_is_no_paper_is_not_kept(void)
{
    static const struct { const char *name, *content; int64_t size; const char *reason; } cases[] = {
        { "empty.pdf", "", 0, "files.empty" }, { "report.pdf", "MZ\x90", 3, "files.not_a_paper" },
        { "photo.jpg", "GIF89a--", 8, "files.not_a_paper" }, { "one.pdf", "%", 1, "files.not_a_paper" },
        { "large.pdf", "%PDF-1.4", PAPER_MOST + 1, "files.too_large" },
    };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Upload upload = upload_of(&b, cases[i].name, cases[i].content, strlen(cases[i].content));
        upload.size = cases[i].size;
        assert_refused(&b, &upload, NOT_FITTING, cases[i].reason);
        forget(&upload);
    }
    Upload largest = upload_of(&b, "largest.pdf", "%PDF-1.4", 8);
    largest.size = PAPER_MOST;
    g_autoptr(json_t) kept = keep(&b, &largest, "case/2", NULL);
    g_assert_nonnull(kept);
    forget(&largest);
    bench_close(&b);
}

/* ---- reading all ---- */

typedef struct Found {
    int others, gone;
} Found;

static void count_found(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    Found *self = data;
    g_assert_cmpstr(table, ==, "paper");
    g_assert_true(g_str_has_prefix(row, "case/"));
    g_assert_cmpuint(strlen(detail), ==, 64); /* the hash, by which the file is called */
    self->others += strcmp(reason, "files.found_paper_other") == 0;
    self->gone += strcmp(reason, "files.found_paper_gone") == 0;
}

static Found examine(const Bench *b, int64_t wanted)
{
    int64_t count = 0, counted = 0;
    Found found = { 0 };
    g_autoptr(GError) error = NULL;
    const VerifyReport told = { .found = count_found, .data = &found };
    Context context = b->context;
    context.db = store_reader(b->store, &error);
    g_assert_true(files_examine(&context, &told, &count, &error));
    g_assert_true(files_count(&context, &counted, &error));
    g_assert_no_error(error);
    store_return(b->store, (Db *)(uintptr_t)context.db);
    g_assert_cmpint(count, ==, wanted);
    g_assert_cmpint(counted, ==, wanted);
    return found;
}

static void every_paper_is_held_against_its_hash(void)
{
    enum { PAPERS = 502 /* more than are asked for at once */ };
    Bench b;
    bench_open(&b);
    char first[65] = "", last[65] = "";
    for (int i = 0; i < PAPERS; i++) {
        g_autofree char *content = g_strdup_printf("%%PDF-1.4 %d", i), *subject = g_strdup_printf("case/%d", i);
        Upload upload = upload_of(&b, "a.pdf", content, strlen(content));
        g_autoptr(json_t) kept = keep(&b, &upload, subject, NULL);
        g_assert_nonnull(kept);
        g_strlcpy(i ? last : first, upload.sha256, sizeof first);
        forget(&upload);
    }
    Found none = examine(&b, PAPERS);
    g_assert_cmpint(none.others + none.gone, ==, 0);
    g_autofree char *altered = files_path(b.files, first), *removed = files_path(b.files, last);
    g_assert_true(g_file_set_contents(altered, "another", -1, NULL));
    g_unlink(removed);
    Found found = examine(&b, PAPERS);
    g_assert_cmpint(found.others, ==, 1);
    g_assert_cmpint(found.gone, ==, 1);
    bench_close(&b);
}

/* ---- no room ---- */

/* A file system of its own on which nothing more can be made; false where the machine allows no mount. */
static bool fill_up(const char *papers)
{
    g_autofree char *incoming = g_build_filename(papers, "incoming", NULL);
    if (mount("none", papers, "tmpfs", 0, "size=16k,nr_inodes=3") != 0)
        return false;
    g_assert_cmpint(g_mkdir(incoming, 0700), ==, 0);
    return true;
}

static void a_full_disk_records_nothing(void)
{
    static const char content[] = "%PDF-1.4 too much";
    Bench b;
    bench_open(&b);
    if (!fill_up(b.papers)) {
        g_test_skip("no file system can be mounted here");
        bench_close(&b);
        return;
    }
    Upload upload = upload_of(&b, "full.pdf", content, strlen(content));
    assert_refused(&b, &upload, FULL, "files.no_room");
    forget(&upload);
    g_assert_cmpint(umount2(b.papers, MNT_DETACH), ==, 0);
    bench_close(&b);
}

static void another_server_leaves_what_is_under_way(void)
{
    Bench b;
    bench_open(&b);
    Upload coming = upload_of(&b, "coming.pdf", "%PDF-1.4", 8);
    Files *other = files_open(b.papers, COUNTY, NULL, NULL);
    g_assert_true(g_file_test(coming.path, G_FILE_TEST_EXISTS));
    files_close(other);
    forget(&coming);
    bench_close(&b);
}

/* The next start removes the rest of an upload that the server's end cut off. */
static void a_new_start_clears_what_was_under_way(void)
{
    Bench b;
    bench_open(&b);
    Upload left = upload_of(&b, "left.pdf", "%PDF-1.4", 8);
    files_close(b.files);
    b.files = files_open(b.papers, COUNTY, NULL, NULL);
    g_assert_false(g_file_test(left.path, G_FILE_TEST_EXISTS));
    forget(&left);
    g_autoptr(GError) error = NULL;
    g_autofree char *below_a_file = g_build_filename(b.folder, "test.db", "papers", NULL);
    g_assert_null(files_open(below_a_file, COUNTY, NULL, &error));
    g_assert_cmpint(error->code, ==, FAULT);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/files/a paper is what its bytes say", a_paper_is_what_its_bytes_say);
    g_test_add_func("/files/a header within 1024 bytes makes a PDF", a_header_within_1024_bytes_makes_a_pdf);
    g_test_add_func("/files/a name is given the right ending", a_name_is_given_the_right_ending);
    g_test_add_func("/files/what is kept lies at its hash", what_is_kept_lies_at_its_hash);
    g_test_add_func("/files/the same content lies there once", the_same_content_lies_there_once);
    g_test_add_func("/files/a work may run again", a_work_may_run_again);
    g_test_add_func("/files/what is no paper is not kept", what_is_no_paper_is_not_kept);
    g_test_add_func("/files/every paper is held against its hash", every_paper_is_held_against_its_hash);
    g_test_add_func("/files/a full disk records nothing", a_full_disk_records_nothing);
    g_test_add_func("/files/a new start clears what was under way", a_new_start_clears_what_was_under_way);
    g_test_add_func("/files/a paper that is there already is on the disk too", a_paper_that_is_there_already_is_on_the_disk_too);
    g_test_add_func("/files/another server leaves what is under way", another_server_leaves_what_is_under_way);
    return g_test_run();
}
