// SPDX-License-Identifier: Apache-2.0
/* A ledger checked from outside: its entries are fetched tile by tile, the tree grows from them, and every tile of the
 * tree is held against it as soon as it is complete. Memory holds one row of 256 hashes a level, the answers under way
 * and the subjects' last sequences. */
#include "ledger/entry.h"
#include "ledger/fetch.h"
#include "ledger/ledger.h"
#include "ledger/published.h"
#include "ledger/seen.h"
#include "ledger/tile.h"

#include <string.h>

enum { NOTE_MOST = 64 * 1024, OK_STATUS = 200, KEYS_MOST = 64, ASK_SECONDS = 120, TRIES = 5 };

typedef struct Remote {
    const RemoteAsk *ask;
    char *url, *file; /* the ledger's address, without a slash at its end; where the checkpoint is kept */
    NoteVerifier key;
    bool is_by_key, is_seen_by_key; /* bear the notes the key's signature? */
    Checkpoint seen, now;
    Gather *tiles, *aside; /* `aside` for what is asked out of turn */
    TileWalk walk, asked;  /* where judging and asking stand */
    TreeEdge tree;         /* of the entries so far */
    Hash rows[TILE_LEVELS][TILE_WIDTH]; /* the last nodes of each level that they make */
    Hash old_root;         /* that they make at the size seen before */
    EntryCourse *course;
    GPtrArray *keys;       /* verifiers' texts that entries up to the size seen before name as the centre's next key */
    int64_t faults;
} Remote;

static void remote_clear(Remote *self)
{
    g_free(self->url);
    g_free(self->file);
    note_verifier_clear(&self->key);
    checkpoint_clear(&self->seen);
    checkpoint_clear(&self->now);
    g_clear_pointer(&self->tiles, gather_close);
    g_clear_pointer(&self->aside, gather_close);
    g_clear_pointer(&self->course, entry_course_free);
    g_clear_pointer(&self->keys, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Remote, remote_clear)

/* Tells a fault and goes on; takes the error. */
static void tell(Remote *self, GError *why)
{
    self->faults++;
    self->ask->fault(self->ask->data, why);
    g_error_free(why);
}

/* ---- the address ---- */

/* The county that the address ends with; 0 when with none. */
static int64_t county_of(const char *url)
{
    const char *last = strrchr(url, '/') + 1;
    int64_t county;
    return note_number(last, &county) ? county : 0;
}

static bool read_address(Remote *self, GError **error)
{
    const char *url = self->ask->url, *host = strstr(url, "://");
    bool fits = (g_str_has_prefix(url, "http://") || g_str_has_prefix(url, "https://")) && !strpbrk(url, "?# ");
    if (!fits || !host[3] || host[3] == '/')
        return refuse(error, BAD_INPUT, "ledger.remote_address", "url", url, NULL);
    self->url = g_strdup(url);
    for (size_t end = strlen(self->url); self->url[end - 1] == '/'; end--)
        self->url[end - 1] = '\0';
    if (strchr(self->url + (host + 3 - url), '/'))
        return true;
    g_autofree char *bare = self->url;
    self->url = g_strdup_printf("%s/ledger/%" PRId64, bare, self->ask->county);
    return true;
}

/* ---- the checkpoint ---- */

static bool ask_aside(Remote *self, const char *path, size_t most, Fetched *out, GError **error)
{
    g_autofree char *url = g_strconcat(self->url, "/", path, NULL);
    self->aside = self->aside ? self->aside : gather_open(ASK_SECONDS, TRIES, NULL);
    gather_ask(self->aside, url, NULL, most);
    return gather_take(self->aside, out, error);
}

static bool refuse_status(const Remote *self, const char *reason, const char *path, unsigned status, GError **error)
{
    g_autofree char *url = g_strconcat(self->url, "/", path, NULL);
    return refuse(error, CONFLICT, reason, "url", url, "status", DECIMAL(status), NULL);
}

static bool take_checkpoint(Remote *self, GError **error)
{
    g_auto(Fetched) got = { 0 };
    if (!ask_aside(self, "checkpoint", NOTE_MOST, &got, error))
        return false;
    if (got.status != OK_STATUS)
        return refuse_status(self, "ledger.remote_status", "checkpoint", got.status, error);
    bool reads = strlen(got.body) == got.length && g_utf8_validate_len(got.body, got.length, NULL) &&
                 checkpoint_of(got.body, &self->now) && strcmp(self->now.origin, self->key.name) == 0;
    return reads || refuse(error, CONFLICT, "ledger.remote_no_checkpoint", "url", self->url, "name", self->key.name, NULL);
}

static bool is_signed(const NoteVerifier *key, const char *note)
{
    g_autofree char *text = note ? note_open(key, note) : NULL;
    return text != NULL;
}

static bool refuse_key(const Remote *self, GError **error)
{
    g_autofree char *signers = seen_signers(self->now.note), *key = note_verifier_text(&self->key);
    return refuse(error, CONFLICT, "ledger.remote_key", "key", key, "signers", signers[0] ? signers : "–", NULL);
}

/* Keeps both notes, which together prove it. Without the key's signature the old one proves nothing. */
static bool contradict(const Remote *self, const char *reason, GError **error)
{
    if (!self->is_seen_by_key)
        return refuse(error, CONFLICT, "ledger.seen_other", "file", self->file, NULL);
    g_autofree char *old = seen_evidence(self->file, &self->seen, error);
    g_autofree char *new = old ? seen_evidence(self->file, &self->now, error) : NULL;
    return new && refuse(error, CONFLICT, reason, "size", DECIMAL(self->now.size), "before", DECIMAL(self->seen.size), "old", old,
                         "new", new, NULL);
}

/* Two checkpoints are compared before any entry is seen. A checkpoint without the key's signature may still be
 * that of the centre's next key, if the key has signed a ledger that names it: the entries will tell. */
static bool judge_checkpoint(Remote *self, GError **error)
{
    self->is_by_key = is_signed(&self->key, self->now.note);
    self->is_seen_by_key = is_signed(&self->key, self->seen.note);
    bool goes_back = self->seen.note && self->now.size < self->seen.size;
    if (!self->is_by_key && (!self->is_seen_by_key || goes_back))
        return refuse_key(self, error);
    return !goes_back || contradict(self, "ledger.remote_back", error);
}

/* ---- entries ---- */

/* The entry of a rotation names the next key: its public subject is the key itself. */
static void note_next_key(Remote *self, const Event *event, int64_t number)
{
    static const char mark[] = "key/";
    bool is_it = strcmp(event->kind, "key.rotated") == 0 && g_str_has_prefix(event->subject, mark);
    if (is_it && number <= self->seen.size && self->keys->len < KEYS_MOST)
        g_ptr_array_add(self->keys, g_strdup(event->subject + strlen(mark)));
}

static bool judge_entry(Remote *self, const Span *text, GError **error)
{
    g_auto(Entry) entry = { 0 };
    int64_t number = self->tree.size + 1;
    if (!entry_read(*text, &entry))
        return refuse(error, CONFLICT, "ledger.entry_form", "entry", DECIMAL(number), NULL);
    note_next_key(self, &entry.event, number);
    return entry_follows(self->course, number, &entry, error);
}

static bool keep_node(void *data, int level, int64_t number, const Hash *node, GError **error)
{
    Remote *self = data;
    (void)error;
    if (level < TILE_LEVELS)
        self->rows[level][number % TILE_WIDTH] = *node;
    return true;
}

static void add_entry(Remote *self, const Span *text)
{
    GError *why = NULL;
    Hash leaf;
    if (!judge_entry(self, text, &why))
        tell(self, why);
    tree_leaf(text->bytes, text->length, &leaf);
    self->rows[0][self->tree.size % TILE_WIDTH] = leaf;
    tree_add(&self->tree, &leaf, keep_node, self, NULL); /* keep_node never fails */
    if (self->tree.size == self->seen.size)
        tree_root(&self->tree, &self->old_root);
}

/* A tile wider than asked for stands in for one that is no longer served: its beginning is the same. */
static bool add_entries(Remote *self, const Tile *tile, const char *path, const Fetched *got, GError **error)
{
    int count = 0;
    Span rest = { got->body, got->length }, entry;
    for (; count < tile->width && entry_cut(&rest, &entry); count++)
        add_entry(self, &entry);
    bool whole = count == tile->width && (rest.length == 0 || tile->width < TILE_WIDTH);
    self->ask->progress(self->ask->data, self->tree.size, self->now.size);
    return whole || refuse(error, CONFLICT, "ledger.tile_entries", "tile", path, "found", DECIMAL(count), "wanted",
                           DECIMAL(tile->width), NULL);
}

/* ---- tiles of hashes ---- */

static bool check_hashes(const Remote *self, const Tile *tile, const char *path, const Fetched *got, GError **error)
{
    int first = 0;
    const Hash *row = self->rows[tile->level], *served = (const Hash *)(const void *)got->body;
    size_t length = (size_t)tile->width * HASH_BYTES;
    if (got->status != OK_STATUS)
        return refuse_status(self, "ledger.tile_status", path, got->status, error);
    if (got->length != length && got->length != TILE_WIDTH * HASH_BYTES)
        return refuse(error, CONFLICT, "ledger.tile_length", "tile", path, NULL);
    while (first < tile->width && hash_equal(&row[first], &served[first]))
        first++;
    if (first == tile->width)
        return true;
    int64_t number = tile->index * TILE_WIDTH + first;
    return refuse(error, CONFLICT, tile->level ? "ledger.tile_differs" : "ledger.tile_leaf", "tile", path, "number",
                  DECIMAL(number), "entry", DECIMAL(number + 1), NULL);
}

static bool judge_tile(Remote *self, const Tile *tile, const char *path, const Fetched *got, GError **error)
{
    GError *why = NULL;
    if (tile->level == TILE_ENTRIES && got->status != OK_STATUS)
        return refuse_status(self, "ledger.remote_status", path, got->status, error);
    if (tile->level == TILE_ENTRIES)
        return add_entries(self, tile, path, got, error);
    if (!check_hashes(self, tile, path, got, &why))
        tell(self, why);
    return true;
}

/* ---- all of it ---- */

static size_t most_of(const Tile *tile)
{
    enum { LENGTH_BYTES = 2 };
    return (size_t)tile->width * (tile->level == TILE_ENTRIES ? LENGTH_BYTES + ENTRY_MOST : HASH_BYTES);
}

static char *path_of(const Tile *tile)
{
    g_autofree char *path = tile_path(tile);
    return g_strconcat("tile/", path, NULL);
}

static void ask_ahead(Remote *self)
{
    Tile tile;
    while (gather_waiting(self->tiles) < GATHER_AT_ONCE && tile_walk(&self->asked, &tile)) {
        g_autofree char *path = path_of(&tile), *url = g_strconcat(self->url, "/", path, NULL);
        gather_ask(self->tiles, url, NULL, most_of(&tile));
    }
}

/* A tile that is not full may give way to the full one as the ledger goes on. */
static bool take_tile(Remote *self, const Tile *tile, Fetched *got, GError **error)
{
    Tile full = { tile->level, tile->index, TILE_WIDTH };
    if (!gather_take(self->tiles, got, error))
        return false;
    if (got->status != NOT_FOUND || tile->width == TILE_WIDTH)
        return true;
    fetched_clear(got);
    g_autofree char *path = path_of(&full);
    return ask_aside(self, path, most_of(&full), got, error);
}

static bool walk_tiles(Remote *self, GError **error)
{
    Tile tile;
    self->tiles = gather_open(ASK_SECONDS, TRIES, NULL);
    self->course = entry_course(county_of(self->url));
    self->keys = g_ptr_array_new_with_free_func(g_free);
    self->walk = self->asked = (TileWalk){ .size = self->now.size, .level = TILE_ENTRIES };
    if (self->seen.size == 0)
        tree_root(&self->tree, &self->old_root);
    for (ask_ahead(self); tile_walk(&self->walk, &tile); ask_ahead(self)) {
        g_auto(Fetched) got = { 0 };
        g_autofree char *path = path_of(&tile);
        if (!take_tile(self, &tile, &got, error) || !judge_tile(self, &tile, path, &got, error))
            return false;
    }
    return true;
}

/* The key that the given one has vouched for, by signing a ledger that names it, and that has signed this checkpoint;
 * NULL when there is none. Owned by `keys`. */
static const char *next_key(const Remote *self)
{
    for (guint i = self->keys->len; i > 0; i--) {
        const char *text = g_ptr_array_index(self->keys, i - 1);
        g_auto(NoteVerifier) key = { 0 };
        if (note_verifier_read(text, &key, NULL) && is_signed(&key, self->now.note))
            return text;
    }
    return NULL;
}

/* The entries show what the old checkpoint was of only when they make the signed root. */
static bool conclude(Remote *self, GError **error)
{
    Hash root;
    tree_root(&self->tree, &root);
    const bool fits = hash_equal(&root, &self->now.root);
    const bool holds_old = !self->seen.note || hash_equal(&self->old_root, &self->seen.root);
    if (!self->is_by_key && !(holds_old && next_key(self)))
        return refuse_key(self, error);
    if (!fits)
        return refuse(error, CONFLICT, "ledger.remote_root", "size", DECIMAL(self->now.size), NULL);
    if (!holds_old)
        return contradict(self, "ledger.remote_forked", error);
    return self->faults == 0 || refuse(error, CONFLICT, "ledger.remote_unsound", "faults", DECIMAL(self->faults), NULL);
}

static json_t *found_of(const Remote *self)
{
    json_t *found = json_pack("{s:s, s:I}", "name", self->key.name, "size", self->now.size);
    if (self->seen.note)
        json_object_set_new(found, "before", json_integer(self->seen.size));
    if (!self->is_by_key)
        json_object_set_new(found, "next_key", json_string(next_key(self)));
    return found;
}

json_t *ledger_verify_remote(const RemoteAsk *ask, GError **error)
{
    g_auto(Remote) self = { .ask = ask };
    if (!note_verifier_read(ask->key, &self.key, NULL))
        return refuse(error, BAD_INPUT, "ledger.remote_key_form", NULL);
    if (!read_address(&self, error))
        return NULL;
    self.file = ask->seen ? g_strdup(ask->seen) : seen_usual_file(self.key.name);
    bool sound = checkpoint_load(self.file, self.key.name, &self.seen, error) && take_checkpoint(&self, error) &&
                 judge_checkpoint(&self, error) && walk_tiles(&self, error) && conclude(&self, error) &&
                 seen_keep(self.file, self.now.note, error);
    return sound ? found_of(&self) : NULL;
}
