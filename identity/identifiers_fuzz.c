// SPDX-License-Identifier: Apache-2.0
/* Any text as an identifier: refused, or kept in a normal form that is its own normal form. */
#include "identity/identity.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(FieldCheck *form, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *once = form(text, &error);
    g_assert_true((once == NULL) == (error != NULL));
    if (!once)
        return;
    g_autofree char *twice = form(once, NULL);
    g_assert_cmpstr(once, ==, twice);
    g_assert_true(g_utf8_validate(once, -1, NULL));
}

/* The form of a number tells what it is, and it is found by what was typed. */
static void check_paper(const char *kind, const char *text)
{
    for (enum party_kind party = PERSON; party <= ENTERPRISE; party++) {
        g_autofree char *once = identity_number(party, kind, text, 0, NULL), *twice = once ? identity_number(party, kind, once, 0, NULL) : NULL;
        g_assert_cmpstr(once, ==, twice);
        g_assert_true(!once || *identity_paper_of(party, once));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree char *text = g_strndup((const char *)bytes, length);
    check(identity_resident_id, text);
    check(identity_enterprise_id, text);
    check(identity_credit_code, text);
    check(identity_organisation_code, text);
    check(identity_telephone, text);
    for (const char *const *kind = identity_papers; *kind; kind++)
        check_paper(*kind, text);
    if (!text_is_clean(text, strlen(text)))
        return 0;
    g_autofree char *kept = identity_party_name(ENTERPRISE, text, NULL), *again = kept ? identity_party_name(ENTERPRISE, kept, NULL) : NULL;
    g_assert_cmpstr(kept, ==, again);
    g_autofree char *name = mask_name(text);
    g_autofree char *id = mask_id(text);
    g_autofree char *telephone = mask_telephone(text);
    g_assert_cmpint(g_utf8_strlen(name, -1), ==, g_utf8_strlen(text, -1));
    g_assert_cmpint(g_utf8_strlen(id, -1), ==, g_utf8_strlen(telephone, -1));
    return 0;
}
