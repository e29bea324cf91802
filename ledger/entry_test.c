// SPDX-License-Identifier: Apache-2.0
/* The parts of a ledger that an outsider reads: entries, their order, the tiles they make, the checkpoint kept. */
#include "ledger/entry.h"
#include "ledger/leaf.h"
#include "ledger/published.h"
#include "ledger/seen.h"
#include "ledger/tile.h"

#include <string.h>

#define COMMITMENT "00000000000000000000000000000000000000000000000000000000000000ff"
#define PERSONAL(at, division, version) \
    "{\"at\":\"" at "\",\"commitment\":\"" COMMITMENT "\",\"county\":330482,\"division\":" division ",\"item\":\"FGJ-01\"" \
    ",\"kind\":\"case.begun\",\"organ\":7,\"sequence\":1,\"subject\":\"case/1\",\"version\":" version "}"
#define LEAF(county, sequence, subject) \
    "{\"at\":\"2014-09-03T01:30:00.000Z\",\"commitment\":\"" COMMITMENT "\",\"county\":" county ",\"division\":330482103000,\"item\":\"FGJ-01\"" \
    ",\"kind\":\"case.begun\",\"organ\":7,\"sequence\":" sequence ",\"subject\":\"" subject "\"}"

static Span span(const char *text)
{
    return (Span){ text, strlen(text) };
}

static void assert_span(const Span *is, const char *text)
{
    g_assert_cmpuint(is->length, ==, strlen(text));
    g_assert_cmpint(memcmp(is->bytes, text, is->length), ==, 0);
}

static void a_leaf_is_read_as_it_is_written(void)
{
    static const Event events[] = {
        { .subject = "case/330482140903000123", .sequence = 3, .kind = "case.accepted", .item = "FGJ-01", .organ = 7,
          .division = 330482103000, .at = 1409707800000 },
        { .subject = "key/330482.pinghu+00112233+AbC/d+e=", .sequence = 1, .kind = "key.rotated", .item = "" },
        { .subject = "case/330482140903000124", .sequence = 2, .kind = "case.received", .item = "FGJ-01", .organ = 7,
          .division = 330482103000, .at = 1409673600000, .version = EVENT_PERSONAL }, /* midnight in the county */
        { .subject = "item/\"a\\b\" 事项", .sequence = INT64_C(999999999999999999), .kind = "k", .item = "事" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        g_auto(Entry) read = { 0 };
        g_autofree char *text = leaf_text(330482, &events[i], &(Hash){ .bytes[31] = 255 });
        g_assert_true(entry_read(span(text), &read));
        g_assert_cmpint(read.county, ==, 330482);
        g_assert_cmpint(read.event.sequence, ==, events[i].sequence);
        g_assert_cmpint(read.event.organ, ==, events[i].organ);
        g_assert_cmpint(read.event.division, ==, events[i].division);
        g_assert_cmpstr(read.event.kind, ==, events[i].kind);
        g_assert_cmpstr(read.event.item, ==, events[i].item);
        g_assert_cmpstr(read.event.subject, ==, events[i].subject);
        g_assert_cmpint(read.event.at, ==, events[i].at);
        g_assert_cmpint(read.event.version, ==, MAX(events[i].version, EVENT_PLAIN));
        g_assert_cmpint(read.commitment.bytes[31], ==, 255);
    }
}

static void what_is_not_canonical_is_no_leaf(void)
{
    static const char *const bad[] = {
        "", "{}", "[]", "null", LEAF("1", "1", "a") " ", " " LEAF("1", "1", "a"), LEAF("1", "01", "a"), LEAF("1", "-1", "a"),
        LEAF("1", "1.0", "a"), LEAF("1", "1e3", "a"), LEAF("1", "", "a"), LEAF("1", "9999999999999999999", "a"),
        LEAF("\"1\"", "1", "a"), LEAF("1", " 1", "a"), LEAF("1", "1", "a\",\"subject\":\"b"), LEAF("1", "1", "a\n"),
        LEAF("1", "1", "\\u0061"), LEAF("1", "1", "\\/"), LEAF("1", "1", "\\"), LEAF("1", "1", "\xff"), LEAF("1", "1", "a\"") "}",
        PERSONAL("2014-09-03T01:30:00.000Z", "330482103000", "2"), PERSONAL("2014-09-03", "330482103201", "2"),
        PERSONAL("2014-09-03", "330482103000", "1"), PERSONAL("2014-13-03", "330482103000", "2"),
        "{\"at\":\"2014-09-03T01:30:00Z\"}", "{\"commitment\":\"" COMMITMENT "\",\"at\":\"2014-09-03T01:30:00.000Z\"}",
    };
    g_auto(Entry) good = { 0 };
    g_assert_true(entry_read(span(LEAF("1", "1", "a")), &good));
    entry_clear(&good);
    g_assert_true(entry_read(span(PERSONAL("2014-09-03", "330482103000", "2")), &good));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(Entry) read = { 0 };
        if (entry_read(span(bad[i]), &read))
            g_error("“%s” was read", bad[i]);
    }
}

static void a_tile_is_cut_into_its_entries(void)
{
    Span tile = { "\0\3abc\0\0\0\1d", 10 }, entry;
    static const char *const wanted[] = { "abc", "", "d" };
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_assert_true(entry_cut(&tile, &entry));
        assert_span(&entry, wanted[i]);
    }
    g_assert_false(entry_cut(&tile, &entry));
    static const Span cut_off[] = { { "", 0 }, { "\0", 1 }, { "\0\1", 2 }, { "\0\3ab", 4 }, { "\377\377ab", 4 } };
    for (size_t i = 0; i < G_N_ELEMENTS(cut_off); i++) {
        tile = cut_off[i];
        g_assert_false(entry_cut(&tile, &entry));
    }
}

static bool follows(EntryCourse *course, const char *text, const char *reason)
{
    g_auto(Entry) entry = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_true(entry_read(span(text), &entry));
    bool done = entry_follows(course, 9, &entry, &error);
    g_autoptr(json_t) details = error ? trouble_details(error) : json_object();
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    return done;
}

static void each_subject_counts_its_events(void)
{
    g_autoptr(EntryCourse) course = entry_course(0), other = entry_course(330483);
    g_assert_true(follows(course, LEAF("330482", "1", "case/1"), ""));
    g_assert_true(follows(course, LEAF("330482", "1", "case/2"), ""));
    g_assert_true(follows(course, LEAF("330482", "2", "case/1"), ""));
    g_assert_false(follows(course, LEAF("330482", "2", "case/1"), "ledger.entry_gap"));
    g_assert_false(follows(course, LEAF("330482", "4", "case/1"), "ledger.entry_gap"));
    g_assert_false(follows(course, LEAF("330482", "2", "case/3"), "ledger.entry_gap"));
    g_assert_false(follows(course, LEAF("330483", "1", "case/4"), "ledger.entry_county"));
    g_assert_false(follows(other, LEAF("330482", "1", "case/1"), "ledger.entry_county"));
}

/* ---- which tiles there are ---- */

/* Every tile just once, whole ones as soon as they are, and together all nodes. */
static void check_walk(int64_t size)
{
    Tile tile;
    int64_t nodes[TILE_LEVELS + 1] = { 0 }, entries = 0;
    TileWalk walk = { .size = size, .level = TILE_ENTRIES };
    while (tile_walk(&walk, &tile)) {
        int64_t *count = &nodes[tile.level + 1];
        g_assert_cmpint(tile.index * TILE_WIDTH, ==, *count);
        *count += tile.width;
        entries = nodes[0];
        int shift = MAX(tile.level, 0) * TILE_HEIGHT;
        g_assert_cmpint(*count, ==, entries >> shift);
        g_assert_true(tile.width == TILE_WIDTH || entries == size);
    }
    for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++)
        g_assert_cmpint(nodes[level + 1], ==, size >> (MAX(level, 0) * TILE_HEIGHT));
}

static void the_tiles_come_as_they_are_complete(void)
{
    static const int64_t sizes[] = { 0, 1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 66000, 131072, 200000 };
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
        check_walk(sizes[i]);
}

/* ---- the checkpoint kept ---- */

static void a_checkpoint_is_kept_and_read_again(void)
{
    Hash root = { .bytes[0] = 1 };
    g_auto(NoteSigner) signer = { 0 };
    g_auto(Checkpoint) none = { 0 }, seen = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("seen-XXXXXX", NULL), *file = g_build_filename(folder, "a", "b.checkpoint", NULL);
    g_assert_true(note_signer_of("a/b", (const unsigned char *)"a seed of just thirty-two bytes.", &signer, NULL));
    g_autofree char *text = checkpoint_text("a/b", 12, &root), *note = key_ring_sign(&(KeyRing){ 1, { signer } }, text);
    g_assert_true(checkpoint_load(file, "a/b", &none, NULL));
    g_assert_null(none.note); /* none yet is no fault */
    g_assert_true(seen_keep(file, note, NULL));
    g_assert_true(checkpoint_load(file, "a/b", &seen, NULL));
    g_assert_cmpstr(seen.note, ==, note);
    g_assert_cmpint(seen.size, ==, 12);
    g_assert_cmpint(memcmp(&seen.root, &root, sizeof root), ==, 0);
    g_assert_false(checkpoint_load(file, "a/c", &none, &error));
    g_assert_nonnull(strstr(error->message, "ledger.seen_damaged"));
    g_autofree char *beside = seen_evidence(file, &seen, NULL), *again = seen_evidence(file, &seen, NULL);
    g_assert_true(g_str_has_prefix(beside, file) && g_file_test(beside, G_FILE_TEST_EXISTS));
    g_assert_cmpstr(beside, ==, again);
    remove_tree(folder);
}

/* Up to the byte 0 it is a checkpoint, which must not be taken for the file. */
static void a_checkpoint_with_a_byte_0_is_refused(void)
{
    Hash root = { .bytes[0] = 1 };
    g_auto(NoteSigner) signer = { 0 };
    g_auto(Checkpoint) seen = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("seen-XXXXXX", NULL), *file = g_build_filename(folder, "b.checkpoint", NULL);
    g_assert_true(note_signer_of("a/b", (const unsigned char *)"a seed of just thirty-two bytes.", &signer, NULL));
    g_autofree char *text = checkpoint_text("a/b", 12, &root), *note = key_ring_sign(&(KeyRing){ 1, { signer } }, text);
    g_assert_true(g_file_set_contents(file, note, (gssize)strlen(note) + 1, NULL));
    g_assert_false(checkpoint_load(file, "a/b", &seen, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_nonnull(strstr(error->message, "base.no_text"));
    g_assert_null(seen.note);
    remove_tree(folder);
}

static void signers_are_named_as_far_as_they_can_be_shown(void)
{
    g_autofree char *two = seen_signers("x\n\n— one AAECA////\n— \033[2J AAECAw==\n— two AAECAwQ=\nrubbish\n"), *none = seen_signers("x");
    g_assert_cmpstr(two, ==, "one+00010203, two+00010203");
    g_assert_cmpstr(none, ==, "");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/entry/a leaf is read as it is written", a_leaf_is_read_as_it_is_written);
    g_test_add_func("/entry/what is not canonical is no leaf", what_is_not_canonical_is_no_leaf);
    g_test_add_func("/entry/a tile is cut into its entries", a_tile_is_cut_into_its_entries);
    g_test_add_func("/entry/each subject counts its events", each_subject_counts_its_events);
    g_test_add_func("/entry/the tiles come as they are complete", the_tiles_come_as_they_are_complete);
    g_test_add_func("/entry/a checkpoint is kept and read again", a_checkpoint_is_kept_and_read_again);
    g_test_add_func("/entry/a checkpoint with a byte 0 is refused", a_checkpoint_with_a_byte_0_is_refused);
    g_test_add_func("/entry/signers are named as far as they can be shown", signers_are_named_as_far_as_they_can_be_shown);
    return g_test_run();
}
