// SPDX-License-Identifier: Apache-2.0
/* Pinghu: a whole government service centre in one program. Its verbs. */
#include "calendar/calendar.h"
#include "rooms.h"
#include "verbs/verbs.h"

#include <stdio.h>
#include <string.h>

typedef struct Verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *does;
} Verb;

static const Verb verbs[] = {
    { "serve", verb_serve, "opens the centre on a database, or all of a province" },
    { "demo", verb_demo, "makes a demo city in a new database" },
    { "import", verb_import, "takes a table of divisions, organs, items or rest days in" },
    { "load", verb_load, "takes the histories of cases over from another system" },
    { "migrate", verb_migrate, "moves a centre from a file to PostgreSQL, or back" },
    { "distribute", verb_distribute, "spreads a PostgreSQL database over the nodes of Citus, by county" },
    { "verify", verb_verify, "recomputes the ledger and every case from it" },
    { "report", verb_report, "writes the bulletin of a period" },
    { "key", verb_key, "makes or tells the key that signs the ledger" },
    { "due", calendar_due_main, "the due day of a limit, explained" },
};

static int print_verbs(FILE *out)
{
    fprintf(out, "pinghu VERB [--help]\n\n");
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].does);
    return out == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    base_start();
    if (!rooms_fit(rooms, &error))
        return app_complain(error);
    if (argc < 2)
        return print_verbs(stderr);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    return print_verbs(strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0 ? stdout : stderr);
}
