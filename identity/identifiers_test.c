// SPDX-License-Identifier: Apache-2.0
/* The values are the standards' own examples, or made up: area 330499 was never given out, and a
 * body with XXXX is no real organisation's. */
#include "identity/identity.h"

static void assert_form(FieldCheck *check, const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *form = check(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(form, ==, expected);
}

static void assert_refused(FieldCheck *check, const char *text, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(check(text, &error));
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void right_resident_numbers_are_kept(void)
{
    static const char *const right[] = {
        "11010519491231002X", "440524188001010014", "330499198001010013", "330499198511150024",
        "330499199002281231", "330499197206304563", "330499200002290088", "33049919650704019X",
        "33049919910312004X", "330499199912312105", "330499198808083336"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++)
        assert_form(identity_resident_id, right[i], right[i]);
}

static void a_resident_number_is_made_plain(void)
{
    assert_form(identity_resident_id, "33049919650704019x", "33049919650704019X");
    assert_form(identity_resident_id, " 330499 19800101 0013\t", "330499198001010013");
    assert_form(identity_resident_id, "３３０４９９１９６５０７０４０１９ｘ", "33049919650704019X");
    assert_form(identity_resident_id, "330499800101001", "330499198001010013");
}

static void wrong_resident_numbers_are_refused(void)
{
    assert_refused(identity_resident_id, "330499198001010014", "identity.resident_id_check");
    assert_refused(identity_resident_id, "330499198010100013", "identity.resident_id_check");
    assert_refused(identity_resident_id, "330499198001010X13", "identity.resident_id_digits");
    assert_refused(identity_resident_id, "33049919800101001Y", "identity.resident_id_digits");
    assert_refused(identity_resident_id, "33049980010100X", "identity.resident_id_digits");
    assert_refused(identity_resident_id, "330499199902290088", "identity.resident_id_birth");
    assert_refused(identity_resident_id, "330499198013010013", "identity.resident_id_birth");
    assert_refused(identity_resident_id, "330499020001010013", "identity.resident_id_birth");
    assert_refused(identity_resident_id, "330499990229001", "identity.resident_id_birth");
    assert_refused(identity_resident_id, "", "identity.resident_id_length");
    assert_refused(identity_resident_id, "33049919800101001", "identity.resident_id_length");
    assert_refused(identity_resident_id, "\xff", "identity.resident_id_length");
}

static const char *const credit_codes[] = {
    "91350100M000100Y43", "1133048200XXXX0197", "1133048200XXXX0272", "1233048200XXXX035R",
    "5133048250XXXX04XW", "5233048250XXXX058R", "91330482MAXXXX066X", "91330482MAXXXX074Q",
    "91330482MAXXXX082K", "92330482MAXXXX090B", "93330482MAXXXX103X"
};

static void right_credit_codes_are_kept(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(credit_codes); i++) {
        assert_form(identity_credit_code, credit_codes[i], credit_codes[i]);
        assert_form(identity_enterprise_id, credit_codes[i], credit_codes[i]);
    }
    assert_form(identity_credit_code, "91330482 maxxxx066x", "91330482MAXXXX066X");
}

static void wrong_credit_codes_are_refused(void)
{
    assert_refused(identity_credit_code, "91330482MAXXXX066Y", "identity.credit_code_check");
    assert_refused(identity_credit_code, "91350100M000100Y4Z", "identity.credit_code_letters");
    assert_refused(identity_credit_code, "9I330482MAXXXX066X", "identity.credit_code_letters");
    assert_refused(identity_credit_code, "91330482MAXXXX066", "identity.credit_code_length");
    assert_refused(identity_enterprise_id, "91330482MAXXXX066Y", "identity.credit_code_check");
}

/* Every single wrong character is found, in every place: what a check digit is for. */
static void one_slip_is_always_found(void)
{
    for (int place = 0; place < 18; place++)
        for (const char *c = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *c; c++) {
            g_autofree char *slip = g_strdup("91350100M000100Y43");
            if (slip[place] == *c)
                continue;
            slip[place] = *c;
            assert_refused(identity_credit_code, slip, "identity.credit_code_check");
        }
}

static void organisation_codes_are_judged(void)
{
    static const char *const right[] = { "D2143569-X", "00XXXX01-9", "00XXXX03-5",
                                         "50XXXX04-X", "MAXXXX06-6", "MAXXXX09-0" };
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
        assert_form(identity_organisation_code, right[i], right[i]);
        assert_form(identity_enterprise_id, right[i], right[i]);
    }
    assert_form(identity_organisation_code, "d2143569x", "D2143569-X");
    assert_refused(identity_organisation_code, "D2143569-1", "identity.organisation_code_check");
    assert_refused(identity_organisation_code, "D2143569-A", "identity.organisation_code_letters");
    assert_refused(identity_organisation_code, "D21435_9-X", "identity.organisation_code_letters");
    assert_refused(identity_organisation_code, "D214356-9X", "identity.organisation_code_length");
    assert_refused(identity_organisation_code, "D214356", "identity.organisation_code_length");
}

static void a_registration_number_of_before_2015_is_taken(void)
{
    assert_form(identity_enterprise_id, "330482 0000 12341", "330482000012341");
    assert_refused(identity_enterprise_id, "33048200001234A",
                   "identity.registration_number_digits");
    assert_refused(identity_enterprise_id, "33048200001234", "identity.enterprise_id_length");
    assert_refused(identity_enterprise_id, "330422197001010015", "identity.enterprise_is_person"); /* it has the check character of a credit code */
}

static void telephones_are_understood_as_people_write_them(void)
{
    assert_form(identity_telephone, "138 0000 1234", "13800001234");
    assert_form(identity_telephone, "+86 138-0000-1234", "13800001234");
    assert_form(identity_telephone, "１３８００００１２３４", "13800001234");
    assert_form(identity_telephone, "(0573) 85012345", "0573-85012345");
    assert_form(identity_telephone, "（0573）85012345-801", "0573-85012345-801");
    assert_form(identity_telephone, "057385012345", "0573-85012345");
    assert_form(identity_telephone, "021-61234567", "021-61234567");
    assert_form(identity_telephone, "+86 573 85012345", "0573-85012345");
    assert_form(identity_telephone, "8501 2345", "85012345");
    assert_form(identity_telephone, "400-123-4567", "4001234567");
    static const char *const wrong[] = { "", "12800001234", "abc", "0573-1501234", "85012345; DROP", "--85012345" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(identity_telephone, wrong[i], "identity.telephone");
}

static void a_name_is_seen(void)
{
    assert_form(identity_name, "张三", "张三");
    assert_form(identity_name, "买买提·艾力", "买买提·艾力");
    assert_form(identity_name, "José Ñ.", "José Ñ.");
    assert_form(identity_name, "3M公司", "3M公司");
    static const char *const wrong[] = { "", "张", "\u00a0\u2003\u3000", "\u2800\u2800", "--·" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(identity_name, wrong[i], "identity.name_form");
    static const char *const unseen[] = { "\u200b\u200b\u200b", "张\u200b三", "\u3164\u3164" };
    for (size_t i = 0; i < G_N_ELEMENTS(unseen); i++)
        assert_refused(identity_name, unseen[i], "base.hidden_character");
    static const gunichar turns[] = { 0x202e, 0x2067 }; /* signs that turn the direction of what follows */
    for (size_t i = 0; i < G_N_ELEMENTS(turns); i++) {
        char sign[8] = "";
        g_unichar_to_utf8(turns[i], sign);
        g_autofree char *turned = g_strconcat("张三", sign, NULL);
        assert_refused(identity_name, turned, "base.hidden_character");
    }
}

static void assert_masked(char *mask(const char *), const char *text, const char *expected)
{
    g_autofree char *masked = mask(text);
    g_assert_cmpstr(masked, ==, expected);
}

static void masks_show_the_least(void)
{
    assert_masked(mask_name, "张三", "张*");
    assert_masked(mask_name, "张小三", "张*三");
    assert_masked(mask_name, "欧阳小三", "欧**三");
    assert_masked(mask_name, "张", "*");
    assert_masked(mask_name, "", "");
    assert_masked(mask_id, "330499198001010013", "330499********0013");
    assert_masked(mask_id, "330499800101001", "330499*****1001");
    assert_masked(mask_id, "D2143569-X", "**********");
    assert_masked(mask_telephone, "13812341234", "138****1234");
    assert_masked(mask_telephone, "0573-85012345", "0573-****2345");
    assert_masked(mask_telephone, "85012345", "****2345");
    assert_masked(mask_telephone, "1234", "****");
}

/* A sentence about a number repeats what is wrong with it. */
static void a_field_is_told_all_that_is_wrong(void)
{
    static const struct { const char *number, *detail, *value; } wrong[] = {
        { "3304991980", "length", "10" }, { "330499198013010013", "birth", "1980-13-01" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(identity_number(PERSON, "", wrong[i].number, 0, &error));
        g_autoptr(json_t) details = trouble_details(error);
        g_assert_cmpstr(json_text(details, wrong[i].detail), ==, wrong[i].value);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identifiers/a field is told all that is wrong", a_field_is_told_all_that_is_wrong);
    g_test_add_func("/identity/a name is seen", a_name_is_seen);
    g_test_add_func("/identity/right resident numbers are kept", right_resident_numbers_are_kept);
    g_test_add_func("/identity/a resident number is made plain", a_resident_number_is_made_plain);
    g_test_add_func("/identity/wrong resident numbers are refused",
                    wrong_resident_numbers_are_refused);
    g_test_add_func("/identity/right credit codes are kept", right_credit_codes_are_kept);
    g_test_add_func("/identity/wrong credit codes are refused", wrong_credit_codes_are_refused);
    g_test_add_func("/identity/one slip is always found", one_slip_is_always_found);
    g_test_add_func("/identity/organisation codes are judged", organisation_codes_are_judged);
    g_test_add_func("/identity/a registration number of before 2015 is taken",
                    a_registration_number_of_before_2015_is_taken);
    g_test_add_func("/identity/telephones are understood as people write them",
                    telephones_are_understood_as_people_write_them);
    g_test_add_func("/identity/masks show the least", masks_show_the_least);
    return g_test_run();
}
