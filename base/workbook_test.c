// SPDX-License-Identifier: Apache-2.0
#include "base/bench_test.h"

#include <xlsxwriter.h>

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static char *text_of(GBytes *bytes, const char *sheet, GError **error)
{
    size_t size;
    g_autoptr(GBytes) owned = bytes;
    (void)owned;
    char *text = workbook_as_text(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), sheet, &size, error);
    g_assert_true(!text || strlen(text) == size);
    return text;
}

static void assert_text(GBytes *bytes, const char *sheet, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = text_of(bytes, sheet, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void assert_refused(GBytes *bytes, const char *sheet, const char *reason, const char *cell)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(text_of(bytes, sheet, &error));
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpstr(json_text(details, "cell"), ==, cell);
}

/* ---- as a spreadsheet writes it ---- */

typedef void Fill(lxw_workbook *book, lxw_worksheet *sheet);

static GBytes *written(Fill *fill)
{
    char *bytes;
    gsize length;
    g_autofree char *folder = g_dir_make_tmp("workbook-XXXXXX", NULL), *file = g_build_filename(folder, "a.xlsx", NULL);
    lxw_workbook *book = workbook_new(file);
    fill(book, workbook_add_worksheet(book, "one"));
    g_assert_cmpint(workbook_close(book), ==, LXW_NO_ERROR);
    g_assert_true(g_file_get_contents(file, &bytes, &length, NULL));
    remove_tree(folder);
    return g_bytes_new_take(bytes, length);
}

static void fill_texts(lxw_workbook *book, lxw_worksheet *sheet)
{
    worksheet_write_string(sheet, 0, 0, "code", NULL);
    worksheet_write_string(sheet, 0, 1, "name", NULL);
    worksheet_write_string(sheet, 2, 0, "7", NULL);
    worksheet_write_string(sheet, 2, 1, "a \"b\",\nc", NULL);
    worksheet_write_string(sheet, 4, 1, "'=x", NULL);
    worksheet_write_blank(sheet, 9, 9, workbook_add_format(book));
    worksheet_write_string(workbook_add_worksheet(book, "二"), 0, 0, "other", NULL);
}

static void texts_keep_their_rows(void)
{
    static const char expected[] = "code,name\n\n7,\"a \"\"b\"\",\vc\"\n\n,''=x\n";
    static const char *const columns[] = { "code", "name", NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = written(fill_texts);
    assert_text(g_bytes_ref(bytes), NULL, expected);
    assert_text(g_bytes_ref(bytes), "one", expected);
    assert_text(g_bytes_ref(bytes), "二", "other\n");
    assert_refused(g_bytes_ref(bytes), "三", "base.xlsx_sheet", "");
    g_autoptr(CsvTable) table = csv_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), columns, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(csv_rows(table), ==, 2);
    g_assert_cmpuint(csv_line(table, 0), ==, 3);
    g_assert_cmpuint(csv_line(table, 1), ==, 5);
    g_assert_cmpstr(csv_cell(table, 0, 1), ==, "a \"b\",\nc");
    g_assert_cmpstr(csv_cell(table, 1, 1), ==, "'=x");
}

static void fill_values(lxw_workbook *book, lxw_worksheet *sheet)
{
    lxw_format *day = workbook_add_format(book), *built_in = workbook_add_format(book), *money = workbook_add_format(book);
    lxw_datetime moment = { 2014, 9, 3, 14, 5, 0.0 }, morning = { 2014, 9, 3, 0, 0, 0.0 };
    format_set_num_format(day, "yyyy\"年\"m\"月\"d\"日\"");
    format_set_num_format_index(built_in, 14);
    format_set_num_format(money, "[Red]\"yd\"#,##0.00\\d");
    worksheet_write_datetime(sheet, 0, 0, &morning, day);
    worksheet_write_datetime(sheet, 0, 1, &moment, built_in);
    worksheet_write_number(sheet, 0, 2, 1234.5, money);
    worksheet_write_number(sheet, 0, 3, 330482001000, NULL);
    worksheet_write_number(sheet, 0, 4, 1.1, NULL);
    worksheet_write_number(sheet, 0, 5, 0.00001, NULL);
    worksheet_write_formula_num(sheet, 0, 6, "=1+1", NULL, 2);
    worksheet_write_formula_str(sheet, 0, 7, "=\"x\"", NULL, "x");
    worksheet_write_boolean(sheet, 0, 8, 1, NULL);
    worksheet_write_number(sheet, 0, 9, 1, built_in);
    worksheet_write_number(sheet, 0, 10, 61, built_in);
    worksheet_write_number(sheet, 0, 11, 0.5, built_in);
    worksheet_write_number(sheet, 0, 12, -20, NULL);
}

static void values_become_what_they_show(void)
{
    assert_text(written(fill_values), NULL, "2014-09-03,2014-09-03 14:05:00,1234.5,330482001000,1.1,0.000010000000000,2,x,1,1900-01-01,1900-03-01,12:00:00,-20\n");
}

static void fill_identity(lxw_workbook *book, lxw_worksheet *sheet)
{
    (void)book;
    worksheet_write_string(sheet, 0, 0, "id", NULL);
    worksheet_write_number(sheet, 1, 27, 3.30499198001010013e17, NULL);
}

static void digits_that_were_lost_are_told(void)
{
    assert_refused(written(fill_identity), NULL, "base.xlsx_digits", "AB2");
}

/* ---- as other programs write it, and as nobody should ---- */

#define BOOK(...) packed((const char *const[]){ __VA_ARGS__, NULL })

static void sheets_of_other_programs_are_read(void)
{
    assert_text(BOOK(SHEET_PARTS("<x:worksheet xmlns:x='x'><x:row><x:c t='inlineStr'><x:is><x:r><x:t>a</x:t></x:r><x:rPh><x:t>ei</x:t></x:rPh><x:r>"
        "<x:t>b_x000D__x5F__</x:t></x:r></x:is></x:c><x:c t='d'><x:v>2014-09-03T00:00:00</x:v></x:c></x:row><x:row/><x:row><x:c><x:f>1</x:f>"
        "<x:v>2</x:v></x:c></x:row></x:worksheet>")), NULL, "\"ab\v_x5F__\",2014-09-03T00:00:00\n\n2,\n");
    assert_text(BOOK("xl/workbook.xml", "<workbook><workbookPr date1904='1'/><sheets><sheet name='a' r:id='a' state='veryHidden'/><sheet name='b' r:id='b'/>"
        "</sheets></workbook>", "xl/_rels/workbook.xml.rels", "<r><Relationship Id='a' Target='a'/><Relationship Id='b' Target='/xl/b.xml'/></r>",
        "xl/b.xml", SHEET("<row><c s='1'><v>1</v></c></row>"), "xl/styles.xml", "<s><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/>"
        "<xf numFmtId='14'/></cellXfs></s>"), NULL, "1904-01-02\n");
    assert_text(BOOK(SHEET_PARTS(SHEET(""))), NULL, "");
}

static void what_is_no_workbook_is_told(void)
{
    static const char *const broken[] = {
        "", "<a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", SHEET("<row r='2'><c><v>1</v></c></row><row r='1'><c><v>1</v></c></row>"),
        SHEET("<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>"), SHEET("<row><c t='s'><v>0</v></c></row>"), SHEET("<row><c t='x'><v>0</v></c></row>"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        assert_refused(BOOK(SHEET_PARTS(broken[i])), NULL, "base.csv_workbook", "");
    assert_refused(BOOK("word/document.xml", "<a/>"), NULL, "base.csv_workbook", "");
    assert_refused(BOOK("xl/workbook.xml", "<a/>"), NULL, "base.csv_workbook", "");
    assert_refused(g_bytes_new_static("PK\x03\x04", 4), NULL, "base.csv_workbook", "");
    assert_refused(BOOK(SHEET_PARTS(SHEET("<row><c r='C1' t='e'><v>#N/A</v></c></row>"))), NULL, "base.xlsx_error", "C1");
    assert_refused(BOOK(SHEET_PARTS(SHEET("<row r='7'><c><v>x</v></c></row>"))), NULL, "base.xlsx_error", "A7");
}

static char *repeated(const char *before, const char *part, size_t times, const char *after)
{
    GString *text = g_string_new(before);
    for (size_t i = 0; i < times; i++)
        g_string_append(text, part);
    g_string_append(text, after);
    return g_string_free(text, FALSE);
}

/* Some kilobytes that would unpack to gigabytes, or whose cells repeat or reach farther than any table does. */
static void a_bomb_is_refused(void)
{
    enum { MEGA = 1024 * 1024 };
    g_autofree char *blank = g_strnfill(100 * MEGA, ' '), *unpacks = g_strconcat("<a>", blank, "</a>", NULL);
    g_autofree char *shared = g_strnfill(65536, 'x'), *strings = g_strconcat("<sst><si><t>", shared, "</t></si></sst>", NULL);
    g_autofree char *rows = repeated("<a>", "<row><c t='s'><v>0</v></c></row>", 1200, "</a>");
    assert_refused(BOOK(SHEET_PARTS(unpacks)), NULL, "base.xlsx_large", "");
    assert_refused(BOOK(SHEET_PARTS(rows), "xl/sharedStrings.xml", strings), NULL, "base.xlsx_large", "");
    assert_refused(BOOK(SHEET_PARTS(SHEET("<row r='2000000'><c><v>1</v></c></row>"))), NULL, "base.xlsx_large", "");
    assert_refused(BOOK(SHEET_PARTS(SHEET("<row><c r='XFD1'><v>1</v></c></row>"))), NULL, "base.xlsx_large", "");
    assert_text(BOOK(SHEET_PARTS(SHEET("<row><c><v>1</v></c><c r='XFD1'/></row>"))), NULL, "1\n");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/workbook/texts keep their rows", texts_keep_their_rows);
    g_test_add_func("/workbook/values become what they show", values_become_what_they_show);
    g_test_add_func("/workbook/digits that were lost are told", digits_that_were_lost_are_told);
    g_test_add_func("/workbook/sheets of other programs are read", sheets_of_other_programs_are_read);
    g_test_add_func("/workbook/what is no workbook is told", what_is_no_workbook_is_told);
    g_test_add_func("/workbook/a bomb is refused", a_bomb_is_refused);
    return g_test_run();
}
