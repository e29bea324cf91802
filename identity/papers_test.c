// SPDX-License-Identifier: Apache-2.0
/* Every kind of identity paper, names and telephones, right and wrong. Numbers are made up: no division has the number 330499. */
#include "identity/identity.h"

static const Day today = 16000; /* in 2013 */

static void assert_number(enum party_kind party, const char *kind, const char *typed, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *number = identity_number(party, kind, typed, today, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(number, ==, expected);
}

static void assert_reason(const GError *error, const char *reason)
{
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void assert_refused(enum party_kind party, const char *kind, const char *typed, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(identity_number(party, kind, typed, today, &error));
    assert_reason(error, reason);
}

/* ---- papers of identity ---- */

static const struct { enum party_kind party; const char *kind, *typed, *kept, *masked; } right[] = {
    { PERSON, "resident", "330499800101001", "330499198001010013", "330499********0013" },
    { PERSON, "hmt_residence", "810000 19900101 0019", "810000199001010019", "810000********0019" },
    { PERSON, "hmt_residence", "820000199001010010", "820000199001010010", "820000********0010" },
    { PERSON, "hmt_residence", "830000199001010012", "830000199001010012", "830000********0012" },
    { PERSON, "permanent", "933840199001010013", "933840199001010013", "933840********0013" },
    { PERSON, "permanent", "usa330499010112", "USA330499010112", "USA********0112" },
    { PERSON, "hm_permit", "h 0000 0001", "H00000001", "H*****001" },
    { PERSON, "hm_permit", "M0000000102", "M00000001", "M*****001" },
    { PERSON, "tw_permit", "00000001", "00000001", "*****001" },
    { PERSON, "tw_permit", "0000000102(B)", "00000001", "*****001" },
    { PERSON, "tw_permit", "0000000102（b）", "00000001", "*****001" },
    { PERSON, "passport", "USA 000000001", "USA 000000001", "USA ******001" },
    { PERSON, "passport", "美国000000001", "USA 000000001", "USA ******001" },
    { PERSON, "passport", "united kingdom  e1234567", "GBR E1234567", "GBR *****567" },
    { PERSON, "passport", "D C01X00T47", "DEU C01X00T47", "DEU ******T47" },
    { PERSON, "passport", "KOR-M12345678", "KOR M12345678", "KOR ******678" },
    { PERSON, "officer", "军字第 0000001 号", "军字第0000001号", "军字第*****01号" },
    { ENTERPRISE, "credit_code", "91330482MAXXXX066X", "91330482MAXXXX066X", NULL },
    { ENTERPRISE, "registration", "110108000000016", "110108000000016", NULL },
    { ENTERPRISE, "organisation", "MAXXXX066", "MAXXXX06-6", NULL },
    { ENTERPRISE, "foreign_company", "德国 hrb 00001", "DEU HRB00001", NULL },
};

static void each_kind_has_its_form_and_mask(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
        g_autofree char *masked = mask_party_id(right[i].party == PERSON, right[i].kept);
        assert_number(right[i].party, right[i].kind, right[i].typed, right[i].kept);
        assert_number(right[i].party, right[i].kind, right[i].kept, right[i].kept);
        g_assert_cmpstr(masked, ==, right[i].masked ? right[i].masked : right[i].kept);
    }
}

/* A number is kept without its kind and looked for without it. */
static void the_form_alone_tells_the_kind(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
        g_autofree char *sought = identity_number_sought(right[i].kept);
        g_assert_cmpstr(identity_paper_of(right[i].party, right[i].kept), ==, right[i].kind);
        g_assert_cmpstr(sought, ==, right[i].kept);
    }
    g_assert_cmpstr(identity_paper_of(PERSON, ""), ==, "");
    g_assert_cmpstr(identity_paper_word("护照"), ==, "passport");
    g_assert_null(identity_paper_word("驾驶证"));
}

/* A check digit must stand behind a number whose kind nobody has chosen. */
static void without_a_kind_the_check_digit_tells_it(void)
{
    assert_number(PERSON, "", "810000199001010019", "810000199001010019");
    assert_number(ENTERPRISE, "", "330482000012341", "330482000012341");
    assert_refused(PERSON, "", "H00000001", "identity.resident_id_length");
    assert_refused(PERSON, "", "00000001", "identity.resident_id_length");
    assert_refused(ENTERPRISE, "", "DEU HRB00001", "identity.enterprise_id_length");
}

static void wrong_numbers_are_refused(void)
{
    static const struct { enum party_kind party; const char *kind, *typed, *reason; } wrong[] = {
        { PERSON, "hmt_residence", "810000199001010018", "identity.resident_id_check" },
        { PERSON, "permanent", "933840199001010014", "identity.resident_id_check" },
        { PERSON, "permanent", "USA33049901011", "identity.permanent" },
        { PERSON, "permanent", "QQQ330499010112", "identity.permanent" },
        { PERSON, "permanent", "USA330499133112", "identity.resident_id_birth" },
        { PERSON, "hm_permit", "A00000001", "identity.hm_permit" },
        { PERSON, "hm_permit", "H0000001", "identity.hm_permit" },
        { PERSON, "tw_permit", "000000010", "identity.tw_permit" },
        { PERSON, "tw_permit", "0000000102(BB)", "identity.tw_permit" },
        { PERSON, "passport", "000000001", "identity.no_country" },
        { PERSON, "passport", "QQQ 000000001", "identity.no_country" },
        { PERSON, "passport", "USA 1234", "identity.passport" },
        { PERSON, "passport", "USA ABCDEFGH", "identity.passport" },
        { PERSON, "passport", "", "identity.no_country" },
        { PERSON, "officer", "0000001", "identity.officer" },
        { PERSON, "credit_code", "91330482MAXXXX066X", "identity.paper_of_other" },
        { PERSON, "library", "1", "identity.paper_of_other" },
        { ENTERPRISE, "passport", "USA 000000001", "identity.paper_of_other" },
        { ENTERPRISE, "registration", "330482000012345", "identity.registration_number_check" },
        { ENTERPRISE, "registration", "33048200001234A", "identity.registration_number_digits" },
        { ENTERPRISE, "registration", "3304820000123", "identity.registration_number_length" },
        { ENTERPRISE, "foreign_company", "DEU HRB", "identity.foreign_company" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(wrong[i].party, wrong[i].kind, wrong[i].typed, wrong[i].reason);
}

static void nobody_is_born_tomorrow(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *then = identity_number(PERSON, "", "330499201310230014", day_from(2013, 10, 23), NULL);
    g_assert_nonnull(then);
    g_assert_null(identity_number(PERSON, "", "330499201310230014", day_from(2013, 10, 22), &error));
    assert_reason(error, "identity.birth_to_come");
}

static void what_nobody_sees_is_taken_out_and_not_counted(void)
{
    assert_number(PERSON, "", "\u200b330499\u00a0198001\u202e010013\ufeff", "330499198001010013");
    assert_number(PERSON, "", "3\u00ad30499198001010013\u3000", "330499198001010013");
    g_autoptr(GError) error = NULL;
    g_assert_null(identity_number(PERSON, "", "\u200b3304\u200b", today, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "length"), ==, "4");
}

/* ---- names ---- */

static void assert_name(enum party_kind party, const char *typed, const char *kept)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = identity_party_name(party, typed, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(name, ==, kept);
}

static void assert_no_name(enum party_kind party, const char *typed, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(identity_party_name(party, typed, &error));
    assert_reason(error, reason);
}

static char *repeated(const char *text, int count)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (int i = 0; i < count; i++)
        g_string_append(out, text);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void names_have_bounds(void)
{
    for (enum party_kind party = PERSON; party <= ENTERPRISE; party++) {
        int most = party == PERSON ? PERSON_NAME_MOST : ENTERPRISE_NAME_MOST;
        g_autofree char *longest = repeated("长", most), *longer = repeated("长", most + 1);
        assert_name(party, longest, longest);
        assert_no_name(party, longer, "identity.name_long");
    }
    assert_name(PERSON, "丙", "丙");
    assert_no_name(PERSON, "··", "identity.person_name_form");
    assert_no_name(ENTERPRISE, "丙", "identity.name_form");
}

static void middle_dots_become_one(void)
{
    static const char *const dots[] = { "·", "•", "‧", "・", "･", "∙", "⋅", "ꞏ", "᛫", "⸱", "⸳" };
    for (size_t i = 0; i < G_N_ELEMENTS(dots); i++) {
        g_autofree char *typed = g_strdup_printf("买买提%s艾力", dots[i]);
        assert_name(PERSON, typed, "买买提·艾力");
    }
}

static void a_hidden_character_is_named(void)
{
    static const struct { const char *text, *code, *name; } hidden[] = {
        { "张\u200b三", "U+200B", "ZERO WIDTH SPACE" }, { "张三\u202e", "U+202E", "RIGHT-TO-LEFT OVERRIDE" },
        { "张\U000F0000", "U+F0000", "" }, { "\ue000三", "U+E000", "" },
        { "张\u3164三", "U+3164", "HANGUL FILLER" }, { "张\u2067三", "U+2067", "RIGHT-TO-LEFT ISOLATE" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(identity_party_name(PERSON, hidden[i].text, &error));
        assert_reason(error, "base.hidden_character");
        g_autoptr(json_t) details = trouble_details(error);
        g_assert_cmpstr(json_text(details, "code"), ==, hidden[i].code);
        g_assert_cmpstr(json_text(details, "name"), ==, hidden[i].name);
    }
    assert_name(PERSON, "ᠪᠠᠶᠠᠷ\u180eᠠ", "ᠪᠠᠶᠠᠷ\u180eᠠ");
}

/* ---- telephones ---- */

static void telephones_are_understood_as_people_write_them(void)
{
    static const struct { const char *typed, *kept; } told[] = {
        { "0573-85012345转801", "0573-85012345-801" }, { "0573-85012345 ×801", "0573-85012345-801" },
        { "0573-85012345x801", "0573-85012345-801" }, { "(0573)85012345 ext. 801", "0573-85012345-801" },
        { "0573 8501 2345 EXT801", "0573-85012345-801" }, { "0573-85012345（转801）", "0573-85012345-801" },
        { "0573-85012345转分机：801", "0573-85012345-801" }, { "85012345#801", "85012345-801" },
        { "+86（573）85012345－801", "0573-85012345-801" }, { "0086-10-61234567", "010-61234567" },
        { "０５７３－８５０１２３４５", "0573-85012345" }, { "0573—8501234", "0573-8501234" },
        { "\u202a13800001234\u202c", "13800001234" }, { "013800001234", "13800001234" }, { "13800001234转5678", "13800001234-5678" },
        { "+852 6123 4567", "+85261234567" }, { "00853-6612-3456", "+85366123456" }, { "+886 0912-345-678", "+886912345678" },
        { "+886-2-2345-6789", "+886223456789" }, { "+1 (212) 555-0123 x45", "+12125550123x45" }, { "+44 20 7946 0018", "+442079460018" },
        { "+86 13800001234", "13800001234" }, { "400-123-4567转8", "4001234567-8" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *kept = identity_telephone(told[i].typed, &error);
        g_autofree char *again = kept ? identity_telephone(kept, NULL) : NULL;
        g_assert_no_error(error);
        g_assert_cmpstr(kept, ==, told[i].kept);
        g_assert_cmpstr(again, ==, kept);
    }
}

static void too_short_is_told_only_of_what_is_too_short(void)
{
    static const struct { const char *typed, *reason; } wrong[] = {
        { "1380000123", "identity.telephone_short" }, { "850123", "identity.telephone_short" }, { "0573-850123", "identity.telephone_short" },
        { "+852 612345", "identity.telephone_short" }, { "+1234", "identity.telephone_short" }, { "13800001234567890", "identity.telephone_long" },
        { "138000012345", "identity.telephone_long" }, { "850123456", "identity.telephone_long" }, { "+123456789012345678", "identity.telephone_long" },
        { "12800001234", "identity.telephone" }, { "电话没有", "identity.telephone" }, { "0573-85012345转", "identity.telephone" },
        { "0573-85012345转8012345", "identity.telephone" }, { "0573-85012345/13800001234", "identity.telephone" }, { "", "identity.telephone" },
        { "+0123456789", "identity.telephone" }, { "0573-85012345-801-2", "identity.telephone" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(identity_telephone(wrong[i].typed, &error));
        assert_reason(error, wrong[i].reason);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/papers/each kind has its form and mask", each_kind_has_its_form_and_mask);
    g_test_add_func("/papers/the form alone tells the kind", the_form_alone_tells_the_kind);
    g_test_add_func("/papers/without a kind the check digit tells it", without_a_kind_the_check_digit_tells_it);
    g_test_add_func("/papers/wrong numbers are refused", wrong_numbers_are_refused);
    g_test_add_func("/papers/nobody is born tomorrow", nobody_is_born_tomorrow);
    g_test_add_func("/papers/what nobody sees is taken out and not counted", what_nobody_sees_is_taken_out_and_not_counted);
    g_test_add_func("/names/names have bounds", names_have_bounds);
    g_test_add_func("/names/middle dots become one", middle_dots_become_one);
    g_test_add_func("/names/a hidden character is named", a_hidden_character_is_named);
    g_test_add_func("/telephones/are understood as people write them", telephones_are_understood_as_people_write_them);
    g_test_add_func("/telephones/too short is told only of what is too short", too_short_is_told_only_of_what_is_too_short);
    return g_test_run();
}
