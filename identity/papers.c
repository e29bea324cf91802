// SPDX-License-Identifier: Apache-2.0
/* Papers of identity (证件), one row for each kind, and those kinds whose numbers have no check digit. The normal form of a number tells its
 * kind, so that numbers are kept without it. */
#include "identity/room.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers without a check digit ---- */

static bool is_all(const char *text, const char *among, size_t least, size_t most)
{
    size_t length = strlen(text);
    return length >= least && length <= most && strspn(text, among) == length;
}

static const char digits[] = "0123456789", letters_and_digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* 港澳居民来往内地通行证: H or M and eight digits for life; two more counted how often the former booklet was renewed. */
static char *hm_permit(const char *text, GError **error)
{
    enum { FOR_LIFE = 9, WITH_RENEWALS = 11 };
    g_autofree char *number = number_tidy(text, false);
    size_t length = strlen(number);
    if ((*number != 'H' && *number != 'M') || (length != FOR_LIFE && length != WITH_RENEWALS) || !number_is_digits(number + 1, length - 1))
        return refuse(error, NOT_FITTING, "identity.hm_permit", NULL);
    return g_strndup(number, FOR_LIFE);
}

/* 台湾居民来往大陆通行证: eight digits for life; the former booklet had two more for renewals and a letter for who issued it, in brackets. */
static char *tw_permit(const char *text, GError **error)
{
    enum { FOR_LIFE = 8, WITH_RENEWALS = 10 };
    g_autofree char *number = number_tidy(text, false);
    size_t length = strspn(number, digits);
    const char *issuer = number + length;
    bool is_issuer = g_ascii_isalpha(*issuer) ? !issuer[1] : *issuer == '(' && g_ascii_isalpha(issuer[1]) && strcmp(issuer + 2, ")") == 0;
    if ((length != FOR_LIFE || *issuer) && (length != WITH_RENEWALS || (*issuer && !is_issuer)))
        return refuse(error, NOT_FITTING, "identity.tw_permit", NULL);
    return g_strndup(number, FOR_LIFE);
}

/* 外国人永久居留证 of before 2017: the country's three letters, four digits for where it was issued, the birth YYMMDD and two more. */
static char *permanent_old(const char *number, GError **error)
{
    enum { LENGTH = 15, COUNTRY = 3, BIRTH = 7 };
    g_autofree char *code = g_strndup(number, COUNTRY), *country = country_code(code);
    if (strlen(number) != LENGTH || g_strcmp0(country, code) != 0 || !number_is_digits(number + COUNTRY, LENGTH - COUNTRY))
        return refuse(error, NOT_FITTING, "identity.permanent", NULL);
    g_autofree char *birth = g_strdup_printf("20%.6s", number + BIRTH), *before = g_strdup_printf("19%.6s", number + BIRTH);
    return number_birth_exists(birth, NULL) || number_birth_exists(before, error) ? g_strdup(number) : NULL;
}

/* 外国人永久居留身份证: since 2017 eighteen digits that begin with 9 and are checked as a resident's are. */
static char *permanent(const char *text, GError **error)
{
    g_autofree char *number = number_tidy(text, false);
    return *number == '9' ? identity_resident_id(number, error) : permanent_old(number, error);
}

/* "USA 123456789", "美国123456789", "united states 123456789": where the number begins; 0: it is not told. */
static size_t country_end(const char *text)
{
    enum { LETTERS = 3 };
    const char *blank = strrchr(text, ' '), *at = text;
    while (g_unichar_get_script(g_utf8_get_char(at)) == G_UNICODE_SCRIPT_HAN)
        at = g_utf8_next_char(at);
    if (at != text)
        return (size_t)(at - text);
    return blank ? (size_t)(blank - text) : strlen(text) > LETTERS ? LETTERS : 0;
}

/* A number that is told with its country: "USA 123456789". */
static char *of_country(const char *text, const char *reason, const char *among, size_t least, size_t most, GError **error)
{
    g_autofree char *plain = number_tidy(text, true);
    size_t end = country_end(plain);
    g_autofree char *named = g_strndup(plain, end), *country = end ? country_code(named) : NULL, *number = number_tidy(plain + end + strspn(plain + end, " -"), false);
    if (!country)
        return refuse(error, NOT_FITTING, "identity.no_country", NULL);
    if (!is_all(number, among, least, most) || !strpbrk(number, digits))
        return refuse(error, NOT_FITTING, reason, NULL);
    return g_strdup_printf("%s %s", country, number);
}

/* ICAO 9303 has nine characters; some countries have more. */
static char *passport(const char *text, GError **error)
{
    return of_country(text, "identity.passport", letters_and_digits, 5, 12, error);
}

static char *foreign_company(const char *text, GError **error)
{
    return of_country(text, "identity.foreign_company", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/.", 2, 20, error);
}

/* 军官证: 军字第1234567号. */
static char *officer(const char *text, GError **error)
{
    g_autofree char *number = number_tidy(text, false);
    g_autofree char *bare = g_str_has_suffix(number, "号") ? g_strndup(number, strlen(number) - strlen("号")) : g_strdup(number);
    g_autoptr(GRegex) form = g_regex_new("^\\p{Han}{1,4}字第[0-9A-Z]{4,8}$", 0, 0, NULL);
    return g_regex_match(form, bare, 0, NULL) ? g_strconcat(bare, "号", NULL) : refuse(error, NOT_FITTING, "identity.officer", NULL);
}

/* ---- the table ---- */

typedef struct Paper {
    const char *name, *word; /* its code (codes.id_kind), and what it is called in tables and lines of text */
    enum party_kind party;
    bool is_usual;           /* a check digit lets its numbers be known without the kind being chosen */
    const char *form;        /* that alone its normal form has, as a pattern of the shell */
    FieldCheck *check;
    int first, last;         /* characters that are shown of a masked one; an enterprise's is public */
    const char *example;     /* made up: no division has the number 330499 */
} Paper;

/* The first row holds where the forms of two fit. */
static const Paper papers[] = {
    { "resident", "居民身份证", PERSON, true, "[0-7]?????????????????", identity_resident_id, 6, 4, "330499198001010013" },
    { "hmt_residence", "港澳台居民居住证", PERSON, true, "8?????????????????", identity_resident_id, 6, 4, "810000199001010019" },
    { "permanent", "外国人永久居留身份证", PERSON, true, "9?????????????????", permanent, 6, 4, "933840199001010013" },
    { "permanent", "外国人永久居留证", PERSON, false, "[A-Z][A-Z][A-Z][0-9]???????????", permanent, 3, 4, "USA330499010112" },
    { "hm_permit", "港澳居民来往内地通行证", PERSON, false, "[HM][0-9]???????", hm_permit, 1, 3, "H00000001" },
    { "tw_permit", "台湾居民来往大陆通行证", PERSON, false, "[0-9]???????", tw_permit, 0, 3, "00000001" },
    { "passport", "护照", PERSON, false, "[A-Z][A-Z][A-Z] *", passport, 4, 3, "USA 000000001" },
    { "officer", "军官证", PERSON, false, "*字第*号", officer, 3, 3, "军字第0000001号" },
    { "credit_code", "统一社会信用代码", ENTERPRISE, true, "[0-9A-Z][0-9A-Z]????????????????", identity_credit_code, 0, 0, "91330482MAXXXX066X" },
    { "registration", "工商注册号", ENTERPRISE, true, "[0-9][0-9][0-9]????????????", identity_registration, 0, 0, "330499000000012" },
    { "foreign_company", "外国（地区）企业注册号", ENTERPRISE, false, "[A-Z][A-Z][A-Z] *", foreign_company, 0, 0, "DEU HRB00001" },
    { "organisation", "组织机构代码", ENTERPRISE, true, "*-?", identity_organisation_code, 0, 0, "MAXXXX06-6" },
};

const char *const identity_papers[] = { "resident", "hmt_residence", "permanent", "hm_permit", "tw_permit", "passport", "officer",
                                        "credit_code", "registration", "organisation", "foreign_company", NULL };

static const Paper *paper_named(enum party_kind party, const char *kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(papers); i++)
        if (papers[i].party == party && (strcmp(kind, papers[i].name) == 0 || strcmp(kind, papers[i].word) == 0))
            return &papers[i];
    return NULL;
}

static const Paper *paper_of(enum party_kind party, const char *number)
{
    for (size_t i = 0; i < G_N_ELEMENTS(papers); i++)
        if (papers[i].party == party && fnmatch(papers[i].form, number, 0) == 0)
            return &papers[i];
    return NULL;
}

const char *identity_paper_of(enum party_kind party, const char *number)
{
    const Paper *paper = paper_of(party, number);
    return paper ? paper->name : "";
}

/* ---- what is asked of a number ---- */

/* A birth is eight digits of every number of eighteen. */
static bool is_born(const char *number, Day today, GError **error)
{
    enum { CARD = 18, BIRTH = 6, DIGITS = 8 };
    int year, month, of_month;
    if (!today || strlen(number) != CARD || !number_is_digits(number + BIRTH, DIGITS))
        return true;
    day_split(today, &year, &month, &of_month);
    g_autofree char *day = g_strdup_printf("%04d%02d%02d", year, month, of_month);
    g_autofree char *birth = g_strdup_printf("%.4s-%.2s-%.2s", number + BIRTH, number + BIRTH + 4, number + BIRTH + 6);
    return strncmp(number + BIRTH, day, DIGITS) <= 0 || refuse(error, NOT_FITTING, "identity.birth_to_come", "birth", birth, NULL);
}

char *identity_number(enum party_kind party, const char *kind, const char *text, Day today, GError **error)
{
    const Paper *paper = *kind ? paper_named(party, kind) : NULL;
    if (*kind && !paper)
        return refuse(error, NOT_FITTING, "identity.paper_of_other", "id_kind", kind, "party_kind", party_kind_names[party], NULL);
    FieldCheck *usual = party == PERSON ? identity_resident_id : identity_enterprise_id;
    g_autofree char *number = (paper ? paper->check : usual)(text, error);
    return number && (party == ENTERPRISE || is_born(number, today, error)) ? g_steal_pointer(&number) : NULL;
}

const char *identity_other_paper(enum party_kind party, const char *number)
{
    const char *kind = identity_paper_of(party, number);
    return *kind && strcmp(kind, "resident") != 0 && strcmp(kind, "credit_code") != 0 ? kind : NULL;
}

char *identity_number_line(enum party_kind party, const char *number)
{
    const Paper *paper = paper_of(party, number);
    return paper && !paper->is_usual ? g_strdup_printf("%s %s", paper->word, number) : g_strdup(number);
}

char *identity_number_sought(const char *text)
{
    char *number = NULL;
    for (int is_usual = true; !number && is_usual >= false; is_usual--)
        for (size_t i = 0; !number && i < G_N_ELEMENTS(papers); i++)
            if (papers[i].is_usual == is_usual)
                number = papers[i].check(text, NULL);
    return number;
}

const char *identity_paper_word(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(papers); i++)
        if (strcmp(word, papers[i].word) == 0 || strcmp(word, papers[i].name) == 0)
            return papers[i].name;
    return NULL;
}

/* Numbers of no kind that is known are those of older programs. */
char *mask_id(const char *id)
{
    enum { FIRST = 6, LAST = 4, LEAST_HIDDEN = 4 };
    const Paper *paper = paper_of(PERSON, id);
    int first = paper ? paper->first : FIRST, last = paper ? paper->last : LAST;
    return g_utf8_strlen(id, -1) >= first + last + LEAST_HIDDEN ? text_starred(id, first, last) : text_starred(id, 0, 0);
}
