// SPDX-License-Identifier: Apache-2.0
/* Pinghu: a whole government service centre in one program. Its verbs. */
#include "rooms.h"
#include "verbs/verbs.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const Verb *const verbs[] = { &verb_init, &verb_serve,  &verb_demo,   &verb_import, &verb_load, &verb_migrate, &verb_distribute,
                                     &verb_verify, &verb_report, &verb_key,    &verb_due };

static int print_verbs(FILE *out)
{
    fprintf(out, "pinghu VERB [--help]\n\n");
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        fprintf(out, "  %-10s %s\n", verbs[i]->name, verbs[i]->does);
    return out == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    base_start();
    setlocale(LC_CTYPE, "C.UTF-8"); /* GLib writes help in the locale's characters, and "?" for those that it lacks */
    if (!rooms_fit(rooms, &error))
        return app_complain(error);
    if (argc < 2)
        return print_verbs(stderr);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i]->name) == 0)
            return verb_run(verbs[i], argc - 1, argv + 1);
    return print_verbs(strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0 ? stdout : stderr);
}
