// SPDX-License-Identifier: Apache-2.0
/* The examination of the security log: its chain, its ends, and its heads as the public ledger has them. Whoever can alter the
 * table can make its chain anew, but not the heads that were made public. */
#include "security/log.h"

#include <string.h>

typedef struct Examination {
    const VerifyReport *told;
    LogEnds ends;
    int64_t expected;     /* number of the next entry */
    char last[HASH_TEXT]; /* hash of the last one */
    GHashTable *heads;    /* number -> hash, of the ledger's events */
    int64_t head;         /* the highest of these numbers */
    int64_t first;        /* as the last removal recorded it */
    char *before;
} Examination;

static void examination_clear(Examination *self)
{
    g_clear_pointer(&self->heads, g_hash_table_unref);
    g_free(self->before);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Examination, examination_clear)

static bool report(const Examination *self, const char *table, int64_t row, const char *reason, GError **error)
{
    return report_difference(self->told, table, DECIMAL(row), reason, "", error);
}

/* ---- what the ledger has ---- */

static bool take_event(const Event *event, void *data, GError **error)
{
    Examination *self = data;
    (void)error;
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    if (strcmp(event->kind, "security.head") == 0) {
        int64_t *number = g_new(int64_t, 1);
        *number = json_number(payload, "count");
        self->head = MAX(self->head, *number);
        g_hash_table_replace(self->heads, number, g_strdup(json_text(payload, "hash")));
    } else if (strcmp(event->kind, "security.swept") == 0) {
        g_free(self->before);
        self->before = g_strdup(json_text(payload, "before"));
        self->first = json_number(payload, "first");
    }
    return true;
}

/* ---- entries ---- */

/* Behind a gap nothing can be said of the hash before. */
static bool take_row(const LogRow *row, void *data, GError **error)
{
    Examination *self = data;
    bool follows = row->number == self->expected;
    const char *head = g_hash_table_lookup(self->heads, &row->number);
    if (!follows && !report(self, "security_entry", self->expected, "security.found_missing", error))
        return false;
    if (follows && !row->fits && !report(self, "security_entry", row->number, "security.found_altered", error))
        return false;
    if (head && strcmp(head, row->hash) != 0 && !report(self, "security_entry", row->number, "security.found_other", error))
        return false;
    self->expected = row->number + 1;
    g_strlcpy(self->last, row->hash, sizeof self->last);
    return true;
}

/* ---- both ends ---- */

static bool examine_ends(const Examination *self, GError **error)
{
    const LogEnds *ends = &self->ends;
    bool begins = ends->first == self->first && strcmp(ends->before, self->before) == 0;
    bool ended = self->expected == ends->number + 1 && strcmp(self->last, ends->hash) == 0;
    return (begins || report(self, "security_log", ends->first, "security.found_beginning", error)) &&
           (ended || report(self, "security_entry", ends->number, "security.found_newest", error)) &&
           (self->head < self->expected || report(self, "security_entry", self->head, "security.found_shorter", error));
}

bool security_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    g_auto(Examination) self = { .told = told, .first = 1, .before = g_strdup(""),
                                 .heads = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free) };
    if (!log_ends(context->db, context->county, &self.ends, error) ||
        !ledger_walk_subject(context->db, context->county, SECURITY_LOG_SUBJECT, take_event, &self, error))
        return false;
    self.expected = self.ends.first;
    g_strlcpy(self.last, self.ends.before, sizeof self.last);
    bool examined = log_walk(context->db, context->county, self.ends.before, take_row, &self, error) && examine_ends(&self, error);
    *count = self.expected - self.ends.first;
    return examined;
}
