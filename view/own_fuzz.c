// SPDX-License-Identifier: Apache-2.0
/* A county's own words over a small view: said, or refused with a sentence; then every word can be written. */
#include "view/project_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    base_start();
    g_autoptr(GError) error = NULL;
    Project project = usual_project("{{t.a.title}}{{> t.a.due}}{{> t.a.named}}{{state_text}}");
    g_autoptr(View) base = open_project(&project, NULL);
    g_autoptr(View) own = view_own(base);
    bool said = view_say(own, CHINESE, "words.json", (const char *)input, size, &error);
    g_assert_true(said == (error == NULL));
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s}", "state", "review", "name", "n", "due_day", "2014-09-03");
    g_autoptr(GError) endless = NULL;
    g_autofree char *page = view_page(own, "a/page", CHINESE, data, NULL, NULL, &endless);
    g_assert_true((page == NULL) == (endless != NULL));
    return 0;
}
