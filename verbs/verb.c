// SPDX-License-Identifier: Apache-2.0
/* Every verb begins and ends here: its words read into a struct, a sentence for an error, the struct freed. */
#include "verbs/verbs.h"

#include <stdio.h>

static void *value_of(void *options, const VerbOption *option)
{
    return (char *)options + option->place;
}

static bool is_given(void *options, const VerbOption *option)
{
    const void *value = value_of(options, option);
    return option->kind == G_OPTION_ARG_INT64 ? *(const gint64 *)value != 0 : *(char *const *)value != NULL;
}

static bool parse(const Verb *self, void *options, int *argc, char ***argv, GError **error)
{
    g_autofree char *summary = g_strdup_printf("%s – %s", self->name, self->summary ? self->summary : self->does);
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (const VerbOption *one = self->options; one->name; one++) {
        const GOptionEntry entry = { one->name, 0, 0, one->kind, value_of(options, one), one->does, one->form };
        g_array_append_val(entries, entry);
    }
    g_option_context_set_summary(context, summary);
    g_option_context_add_main_entries(context, (const GOptionEntry *)(const void *)entries->data, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    for (const VerbOption *one = self->options; one->name; one++)
        if (one->is_required && !is_given(options, one))
            return fault(error, "--%s is missing", one->name);
    return true;
}

static int parse_and_run(const Verb *self, void *options, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (!parse(self, options, &argc, &argv, &error)) {
        fprintf(stderr, "pinghu %s: %s (see pinghu %s --help)\n", self->name, error->message, self->name);
        return 2;
    }
    argv[argc] = NULL;
    for (size_t i = 0; i < self->locations; i++)
        location_settle((DatabaseLocation *)options + i);
    int status = self->run(options, argv + 1, &error);
    return error ? app_complain(error) : status;
}

int verb_run(const Verb *self, int argc, char **argv)
{
    g_autofree char *options = g_memdup2(self->defaults, self->size);
    int status = parse_and_run(self, options, argc, argv);
    for (size_t i = 0; i < self->locations; i++)
        g_free(((DatabaseLocation *)(void *)options)[i].beside);
    for (const VerbOption *one = self->options; one->name; one++)
        if (one->kind == G_OPTION_ARG_STRING || one->kind == G_OPTION_ARG_FILENAME)
            g_free(*(char **)value_of(options, one));
    return status;
}
