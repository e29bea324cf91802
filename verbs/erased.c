// SPDX-License-Identifier: Apache-2.0
/* Erasures outlive the database: what a restored backup has brought back is erased again before the centre opens. */
#include "verbs/verbs.h"

#include "ledger/ledger.h"
#include "subject/subject.h"

typedef struct Lost {
    const App *app;
    char **lines;    /* of erasures that the ledger does not know */
    GPtrArray *left; /* those of them that were not done again; NULL: all */
} Lost;

static bool find(const Context *context, void *data, GError **error)
{
    Lost *self = data;
    self->lines = ledger_erased_missing(context, self->app->beside, error);
    return self->lines != NULL;
}

static bool erase_all(const Context *context, void *data, GError **error)
{
    Lost *self = data;
    g_clear_pointer(&self->left, g_ptr_array_unref); /* a write may be run again */
    self->left = g_ptr_array_new_null_terminated(0, NULL, TRUE);
    for (char **line = self->lines; *line; line++) {
        bool done;
        Day until;
        g_autofree char *subject = ledger_erased_read(*line, &until);
        if (!subject_erase_again(context, subject, until, false, &done, error))
            return false;
        if (!done)
            g_ptr_array_add(self->left, *line);
    }
    return app_log(context, (void *)(uintptr_t)"erased_again", error);
}

static bool list(const Context *context, void *data, GError **error)
{
    const Lost *self = data;
    return ledger_erased_list(context, self->app->beside, self->left ? (char **)self->left->pdata : self->lines, error);
}

bool app_erase_again(const App *app, GError **error)
{
    Lost self = { .app = app };
    bool done = app_read(app, find, &self, error) && (!*self.lines || app_write(app, erase_all, &self, error)) &&
                app_read(app, list, &self, error);
    g_strfreev(self.lines);
    g_clear_pointer(&self.left, g_ptr_array_unref);
    return done;
}

bool app_list_erasures(const Context *context, void *app, GError **error)
{
    const App *self = app;
    g_auto(GStrv) missing = ledger_erased_missing(context, self->beside, error);
    return missing && ledger_erased_list(context, self->beside, missing, error);
}
