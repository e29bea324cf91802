// SPDX-License-Identifier: Apache-2.0
#include "base/base.h"

#include <string.h>

static const char *const columns[] = { "code", "name", NULL };
enum { CODE, NAME };

static CsvTable *read_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    CsvTable *table = csv_read(text, strlen(text), columns, &error);
    g_assert_no_error(error);
    return table;
}

static void assert_refused(const char *bytes, size_t length, const char *reason, const char *line,
                           const char *column)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(csv_read(bytes, length, columns, &error));
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpstr(json_text(details, "line"), ==, line);
    g_assert_cmpstr(json_text(details, "column"), ==, column);
}

static void cells_are_found_by_column(void)
{
    g_autoptr(CsvTable) table = read_text("name , code\n新仓镇 ,7\n\" a\nb\"\"c\",\n");
    g_assert_cmpuint(csv_rows(table), ==, 2);
    g_assert_cmpstr(csv_cell(table, 0, CODE), ==, "7");
    g_assert_cmpstr(csv_cell(table, 0, NAME), ==, "新仓镇");
    g_assert_cmpstr(csv_cell(table, 1, NAME), ==, " a\nb\"c");
    g_assert_cmpstr(csv_cell(table, 1, CODE), ==, "");
}

static void lines_are_counted_as_an_editor_does(void)
{
    g_autoptr(CsvTable) table = read_text("\ncode,name\r\n\r\n1,\"a\r\n\r\nb\"\r\n  \r\n2,c");
    g_assert_cmpuint(csv_rows(table), ==, 2);
    g_assert_cmpuint(csv_line(table, 0), ==, 4);
    g_assert_cmpuint(csv_line(table, 1), ==, 8);
    g_autoptr(CsvTable) old = read_text("code,name\r1,a\r2,b\r");
    g_assert_cmpuint(csv_rows(old), ==, 2);
    g_assert_cmpuint(csv_line(old, 1), ==, 3);
}

static void a_workbook_is_called_one(void)
{
    static const char head[] = "PK\x03\x04\x14\0\x06\0";
    assert_refused(head, sizeof head - 1, "base.csv_workbook", "1", "");
    assert_refused((const char[]){ 'P', 'K', 3 }, 3, "base.csv_unclean", "1", "1"); /* ended before it could be one */
}

static void byte_order_mark_and_gbk_are_read(void)
{
    g_autoptr(CsvTable) marked = read_text("\xef\xbb\xbf"
                                           "code,name\n1,平湖\n");
    g_assert_cmpstr(csv_cell(marked, 0, NAME), ==, "平湖");
    g_autoptr(CsvTable) gbk = read_text("code,name\n1,\xc6\xbd\xba\xfe\n");
    g_assert_cmpstr(csv_cell(gbk, 0, NAME), ==, "平湖");
    g_autoptr(CsvTable) header_only = read_text("code,name");
    g_assert_cmpuint(csv_rows(header_only), ==, 0);
}

static void tables_are_read_as_offices_save_them(void)
{
    static const char *const same[] = {
        "code,name,,\n7,新仓镇,,\n,,,\n\"\",\"\"\n",        /* empty columns and rows that a spreadsheet kept */
        ",,\ncode,name\n7,新仓镇\n",
        "\"code\";\"name\"\r\n7;新仓镇\r\n",               /* where the comma is in numbers */
        "code\tname\t\n7\t新仓镇\t\n\t\t\n",                /* copied out of a spreadsheet */
        "　Ｃｏｄｅ , Name　\n7,新仓镇\n",
        "code,name\n\"7\",\"新仓镇\"\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(CsvTable) table = read_text(same[i]);
        g_assert_cmpuint(csv_rows(table), ==, 1);
        g_assert_cmpstr(csv_cell(table, 0, CODE), ==, "7");
        g_assert_cmpstr(csv_cell(table, 0, NAME), ==, "新仓镇");
    }
}

static void marks_of_text_are_taken_off(void)
{
    g_autoptr(CsvTable) table = read_text("code,name\n'=7,'+86\n'7,'\n");
    g_assert_cmpstr(csv_cell(table, 0, CODE), ==, "=7");
    g_assert_cmpstr(csv_cell(table, 0, NAME), ==, "+86");
    g_assert_cmpstr(csv_cell(table, 1, CODE), ==, "'7");
    g_assert_cmpstr(csv_cell(table, 1, NAME), ==, "'");
}

static void days_and_numbers_become_plain(void)
{
    g_autoptr(CsvTable) table = read_text("code,name\n\"1,234\",2014/9/3 0:00\nx,none\n");
    csv_as_numbers(table, CODE);
    csv_as_days(table, NAME);
    g_assert_cmpstr(csv_cell(table, 0, CODE), ==, "1234");
    g_assert_cmpstr(csv_cell(table, 0, NAME), ==, "2014-09-03");
    g_assert_cmpstr(csv_cell(table, 1, CODE), ==, "x");
    g_assert_cmpstr(csv_cell(table, 1, NAME), ==, "none");
}

static void read_encoded(const char *text, const char *encoding, const char *mark)
{
    gsize size;
    g_autofree char *made = g_convert(text, -1, encoding, "UTF-8", NULL, &size, NULL);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    g_byte_array_append(bytes, (const guint8 *)mark, (guint)strlen(mark));
    g_byte_array_append(bytes, (const guint8 *)made, (guint)size);
    g_autoptr(CsvTable) table = csv_read((const char *)bytes->data, bytes->len, columns, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(csv_cell(table, 0, NAME), ==, strchr(strchr(text, '7'), '7') + 2);
}

static void encodings_are_told_apart(void)
{
    read_encoded("code\tname\n7\t新仓镇", "UTF-16LE", "\xff\xfe"); /* Excel's Unicode text */
    read_encoded("code\tname\n7\t新仓镇", "UTF-16BE", "\xfe\xff");
    read_encoded("code,name\n7,隆隆", "GB18030", "");               /* would read as UTF-8 too */
    read_encoded("code,name\n7,新仓镇", "GB18030", "");
    read_encoded("code,name\n7,José", "UTF-8", "");
    read_encoded("code,name\n7,Москва", "UTF-8", "");
    read_encoded("code,name\n7,隆隆", "UTF-8", "");
    assert_refused("code,name\n1,\xc6\xbd\xba", 15, "base.csv_encoding", "2", "1"); /* cut off */
    assert_refused("\xff\xfe" "c\0\n\0\0\xd8", 8, "base.csv_encoding", "2", "1");
}

static void a_wrong_table_is_refused_with_line_and_column(void)
{
    static const struct {
        const char *text, *reason, *line, *column;
    } wrong[] = {
        { "", "base.csv_empty", "1", "1" },
        { "\n \n", "base.csv_empty", "1", "1" },
        { "code,nam\n", "base.csv_unknown_column", "1", "nam" },
        { "\ncode\n", "base.csv_missing_column", "2", "name" },
        { "code,name,code\n", "base.csv_double_column", "1", "code" },
        { "code,name\n1,2\n\n3\n", "base.csv_uneven", "4", "name" },
        { "code,name\n1,2,3\n", "base.csv_uneven", "2", "3" },
        { "code,\n1,2\n", "base.csv_missing_column", "1", "name" },
        { "code,,name\n1,2,3\n", "base.csv_unknown_column", "1", "2" },
        { "code,name,,\n1,2,,\n1,2,,3\n", "base.csv_uneven", "3", "3" },
        { "code,name\n1,2\"\n", "base.csv_quote", "2", "name" },
        { "code,name\n\"1\"2,3\n", "base.csv_quote", "2", "code" },
        { "code,name\n1,2\n3,\"4\n5,6\n", "base.csv_unclosed", "3", "name" },
        { "code,name\n1,2\n3,\x1b", "base.csv_unclean", "3", "name" },
        { "code,name\n1,2\n3,\xff\xff\n", "base.csv_encoding", "3", "1" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_refused(wrong[i].text, strlen(wrong[i].text), wrong[i].reason, wrong[i].line,
                       wrong[i].column);
    assert_refused("code,name\n1,a\0b\n", 16, "base.csv_unclean", "2", "name");
    assert_refused("code,name\n1,\xff\0b\n", 16, "base.csv_encoding", "2", "1");
    assert_refused("co\0de,name\n", 11, "base.csv_unclean", "1", "1");
}

static void faults_of_rows_are_gathered(void)
{
    g_autoptr(CsvTable) table = read_text("name,code\na,1\n\nb,2\n");
    g_autoptr(json_t) faults = json_array();
    GError *why = NULL;
    refuse(&why, NOT_FITTING, "room.reason", "value", "2", NULL);
    csv_add_fault(faults, table, 1, CODE, why);
    g_autofree char *text = json_canonical(faults);
    g_assert_cmpstr(
        text, ==, "[{\"column\":\"code\",\"line\":4,\"reason\":\"room.reason\",\"value\":\"2\"}]");
}

static void faults_of_rows_stand_in_the_order_of_lines(void)
{
    static const char text[] = "code,name\n1,a\n2\n3,c\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) faults = json_array();
    g_autoptr(CsvTable) table = csv_read_fitting(text, strlen(text), columns, 2, faults, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(csv_rows(table), ==, 2);
    g_assert_cmpstr(csv_cell(table, 1, CODE), ==, "3");
    for (size_t row = csv_rows(table); row-- > 0;) {
        GError *why = NULL;
        refuse(&why, NOT_FITTING, "room.reason", NULL);
        csv_add_fault(faults, table, row, NAME, why);
    }
    g_autofree char *told = json_canonical(faults);
    g_assert_cmpstr(told, ==, "[{\"column\":\"name\",\"line\":2,\"reason\":\"room.reason\"},"
                              "{\"column\":\"name\",\"expected\":\"2\",\"has\":\"1\",\"line\":3,\"reason\":\"base.csv_uneven\"},"
                              "{\"column\":\"name\",\"line\":4,\"reason\":\"room.reason\"}]");
}

static bool tell_row(const CsvRow *row, void *data, GError **error)
{
    GString *told = data;
    g_autoptr(json_t) why = row->fault ? trouble_details(row->fault) : NULL;
    g_string_append_printf(told, "%zu:%s,%s%s;", row->line, row->cells[CODE], row->cells[NAME], why ? json_text(why, "reason") : "");
    return strcmp(row->cells[CODE], "stop") != 0 || refuse(error, CONFLICT, "test.stop", NULL);
}

static char *walked(const char *text, size_t required, GError **error)
{
    GString *told = g_string_new(NULL);
    csv_walk(text, strlen(text), columns, required, tell_row, told, error);
    return g_string_free(told, FALSE);
}

static void a_row_at_a_time_goes_on_after_a_fault(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *told = walked("name,code\na,1\n\nb\n\x1b,3\nd,4\n", 2, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(told, ==, "2:1,a;4:,bbase.csv_uneven;5:3,base.csv_unclean;6:4,d;");
    g_autofree char *narrow = walked("code\n1\n", 1, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(narrow, ==, "2:1,;");
}

static void a_row_at_a_time_ends_where_the_taker_or_the_table_does(void)
{
    g_autoptr(GError) stopped = NULL, cut = NULL, wide = NULL;
    g_autofree char *first = walked("code,name\n1,a\nstop,b\n3,c\n", 2, &stopped);
    g_assert_error(stopped, TROUBLE, CONFLICT);
    g_assert_cmpstr(first, ==, "2:1,a;3:stop,b;");
    g_autofree char *before = walked("code,name\n1,a\n2,\"b\n3,c\n", 2, &cut);
    g_assert_cmpstr(before, ==, "2:1,a;");
    g_assert_error(cut, TROUBLE, NOT_FITTING);
    g_autofree char *cell = g_strnfill(1100000, 'x'), *text = g_strconcat("code,name\n1,a\n2,", cell, "\n", NULL);
    g_autofree char *short_ones = walked(text, 2, &wide);
    g_assert_cmpstr(short_ones, ==, "2:1,a;");
    g_autoptr(json_t) details = trouble_details(wide);
    g_assert_cmpstr(json_text(details, "reason"), ==, "base.csv_long");
    g_assert_cmpstr(json_text(details, "line"), ==, "3");
}

static void a_table_that_is_too_long_is_refused(void)
{
    g_autoptr(GString) text = g_string_new("code,name\n");
    for (int i = 0; i < 20000; i++)
        g_string_append(text, "1,a\n");
    g_autoptr(CsvTable) most = read_text(text->str);
    g_assert_cmpuint(csv_rows(most), ==, 20000);
    g_string_append(text, "1,a\n");
    assert_refused(text->str, text->len, "base.csv_many", "20002", "");
}

/* A single bad byte far down in UTF-8 must not be told as line 2 of bad GBK. */
static void the_line_of_a_wrong_byte_is_told(void)
{
    g_autoptr(GString) text = g_string_new("code,name\n");
    for (int i = 0; i < 50; i++)
        g_string_append(text, "1,平湖市\n");
    g_string_append(text, "2,\xff\xff\n3,c\n");
    assert_refused(text->str, text->len, "base.csv_encoding", "52", "1");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/faults of rows stand in the order of lines", faults_of_rows_stand_in_the_order_of_lines);
    g_test_add_func("/csv/cells are found by column", cells_are_found_by_column);
    g_test_add_func("/csv/lines are counted as an editor does",
                    lines_are_counted_as_an_editor_does);
    g_test_add_func("/csv/a workbook is called one", a_workbook_is_called_one);
    g_test_add_func("/csv/byte-order mark and GBK are read", byte_order_mark_and_gbk_are_read);
    g_test_add_func("/csv/tables are read as offices save them", tables_are_read_as_offices_save_them);
    g_test_add_func("/csv/marks of text are taken off", marks_of_text_are_taken_off);
    g_test_add_func("/csv/days and numbers become plain", days_and_numbers_become_plain);
    g_test_add_func("/csv/encodings are told apart", encodings_are_told_apart);
    g_test_add_func("/csv/a wrong table is refused with line and column",
                    a_wrong_table_is_refused_with_line_and_column);
    g_test_add_func("/csv/faults of rows are gathered", faults_of_rows_are_gathered);
    g_test_add_func("/csv/a row at a time goes on after a fault", a_row_at_a_time_goes_on_after_a_fault);
    g_test_add_func("/csv/a row at a time ends where the taker or the table does", a_row_at_a_time_ends_where_the_taker_or_the_table_does);
    g_test_add_func("/csv/a table that is too long is refused", a_table_that_is_too_long_is_refused);
    g_test_add_func("/csv/the line of a wrong byte is told", the_line_of_a_wrong_byte_is_told);
    return g_test_run();
}
