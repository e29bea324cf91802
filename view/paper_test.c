// SPDX-License-Identifier: Apache-2.0
#include "view/print_test.h"

static json_t *usual_paper(void)
{
    return json_pack(
        "{s:s, s:s, s:[s, s], s:[[s, s], [s, s]], s:[s, s], s:s, s:s, s:s, s:s, s:s, s:s}", "title",
        "受理通知书", "number", "平政服受字〔2014〕第 123 号", "lines", "张三：", "决定予以受理。",
        "table", "事项", "食品经营许可证核发", "申请人", "张三<&>", "list", "身份证复印件",
        "平面图", "organ", "平湖市行政服务中心", "day", "2014年9月3日(周三)", "seal",
        "平湖市行政服务中心", "link", "https://example.cn/verify/ABCD2345", "link_note", "扫描核验",
        "foot", "咨询电话 0573-85000000");
}

static size_t count_of(GBytes *bytes, const char *what)
{
    size_t size, count = 0;
    const char *at = g_bytes_get_data(bytes, &size);
    const char *end = at + size;
    while ((at = memmem(at, (size_t)(end - at), what, strlen(what))) != NULL)
        at += strlen(what), count++;
    return count;
}

/* Cairo ends the line with a comment: the page's number. */
static size_t pages_of(GBytes *bytes)
{
    return count_of(bytes, "/Type /Page %");
}

/* ---- papers ---- */

static void the_same_paper_gives_the_same_bytes(void)
{
    g_autoptr(json_t) paper = usual_paper();
    g_autoptr(GBytes) first = print(paper);
    g_autoptr(GBytes) second = print(paper);
    json_object_set_new(paper, "day", json_string("2014年9月4日(周四)"));
    g_autoptr(GBytes) other = print(paper);
    g_assert_true(memcmp(g_bytes_get_data(first, NULL), "%PDF-1.", 7) == 0);
    g_assert_true(g_bytes_equal(first, second));
    g_assert_false(g_bytes_equal(first, other));
    g_assert_cmpuint(count_of(first, "Date"), ==, 0);
    g_assert_cmpuint(pages_of(first), ==, 1);
}

static void a_paper_can_be_read(void)
{
    static const char *const expected[] = { "受理通知书",
                                            "平政服受字〔2014〕第 123 号",
                                            "张三：",
                                            "决定予以受理。",
                                            "食品经营许可证核发",
                                            "张三<&>",
                                            "1.",
                                            "身份证复印件",
                                            "2.",
                                            "平面图",
                                            "2014年9月3日(周三)",
                                            "扫描核验",
                                            "https://example.cn/verify/ABCD2345",
                                            "咨询电话 0573-85000000" };
    g_autoptr(json_t) paper = usual_paper();
    json_object_del(paper, "seal"); /* its characters lie among the others */
    g_autoptr(GBytes) bytes = print(paper);
    g_autofree char *text = text_of(bytes);
    if (!text)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_nonnull(strstr(text, expected[i]));
    g_assert_nonnull(strstr(text, "平湖市行政服务中心"));
}

static void the_seal_mark_bears_its_text(void)
{
    g_autoptr(json_t) paper = json_pack("{s:s}", "seal", "审批章");
    json_object_set_new(paper, "seal_name", json_string("专用章"));
    json_object_set_new(paper, "seal_mark", json_string("演示"));
    g_autoptr(GBytes) bytes = print(paper);
    g_autofree char *text = text_of(bytes);
    if (!text)
        return;
    g_assert_true(strstr(text, "审") && strstr(text, "批") && strstr(text, "专用章") && strstr(text, "演示"));
}

/* Original and duplicate are papers of their own, each numbered from its first page. */
static void copies_follow_one_another(void)
{
    g_autoptr(json_t) paper = usual_paper();
    json_object_set_new(paper, "copies", json_pack("[s, s]", "正本", "副本"));
    json_object_set_new(paper, "after", json_pack("[s]", "签收："));
    g_autoptr(GBytes) bytes = print(paper);
    g_assert_cmpuint(pages_of(bytes), ==, 2);
    g_autofree char *text = text_of(bytes);
    if (!text)
        return;
    g_assert_true(strstr(text, "正本") && strstr(strstr(text, "正本"), "副本"));
    g_assert_true(strstr(text, "签收："));
    g_assert_null(strstr(text, "— 2 —"));
}

/* Three things longer than a page each, of numbered marks: none is lost where the page breaks. */
static json_t *long_paper(size_t marks)
{
    g_autoptr(GString) line = g_string_new(NULL), cell = g_string_new(NULL);
    json_t *list = json_array();
    for (size_t i = 0; i < marks; i++) {
        g_string_append_printf(line, "段%zu。\n", i);
        g_string_append_printf(cell, "格%zu。\n", i);
        json_array_append_new(list, json_sprintf("项%zu。", i));
    }
    return json_pack("{s:s, s:[s], s:[[s, s]], s:o}", "title", "长", "lines", line->str, "table",
                     "名", cell->str, "list", list);
}

static void a_long_paper_loses_nothing(void)
{
    enum { MARKS = 100 };
    g_autoptr(json_t) paper = long_paper(MARKS);
    g_autoptr(GBytes) bytes = print(paper);
    g_assert_cmpuint(pages_of(bytes), >=, 9); /* some 30 lines of each fit on a page */
    g_autofree char *text = text_of(bytes);
    if (!text)
        return;
    static const char *const kinds[] = { "段", "格", "项" };
    for (size_t i = 0; i < MARKS * G_N_ELEMENTS(kinds); i++) {
        g_autofree char *mark =
            g_strdup_printf("%s%zu。", kinds[i % G_N_ELEMENTS(kinds)], i / G_N_ELEMENTS(kinds));
        g_assert_nonnull(strstr(text, mark));
    }
    g_assert_true(strstr(text, "— 2 —") || strstr(text, "—2—")); /* poppler guesses at spaces */
}

static void odd_papers_are_still_papers(void)
{
    static const char *const odd[] = {
        "{}", "[]", "{\"title\": 7, \"lines\": [1, null], \"list\": \"x\"}",
        "{\"table\": [[], [\"a\"], 5, [1, 2]], \"list\": [{}], \"seal\": \"\", \"link\": \"\"}"
    };
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(json_t) paper = json_loads(odd[i], 0, NULL);
        g_autoptr(GBytes) bytes = print(paper);
        g_assert_cmpuint(pages_of(bytes), ==, 1);
    }
}

static void a_link_too_long_is_a_fault(void)
{
    g_autofree char *link = g_strnfill(4000, 'x');
    g_autoptr(json_t) paper = json_pack("{s:s}", "link", link);
    g_autoptr(GError) error = NULL;
    g_assert_null(view_pdf(paper, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

static void *print_and_compare(void *expected)
{
    g_autoptr(json_t) paper = usual_paper();
    for (int i = 0; i < 3; i++) {
        g_autoptr(GBytes) bytes = print(paper);
        g_assert_true(g_bytes_equal(bytes, expected));
    }
    return NULL;
}

static void threads_print_at_the_same_time(void)
{
    g_autoptr(json_t) paper = usual_paper();
    g_autoptr(GBytes) expected = print(paper);
    GThread *threads[4];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("print", print_and_compare, expected);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

/* ---- QR codes ---- */

/* The three rings in the corners by which a camera finds the code. */
static void assert_finder(const Qr *qr, size_t top, size_t left)
{
    static const char *const pattern[] = { "#######", "#.....#", "#.###.#", "#.###.#",
                                           "#.###.#", "#.....#", "#######" };
    for (size_t row = 0; row < 7; row++)
        for (size_t column = 0; column < 7; column++)
            g_assert_cmpint(qr->dark[(top + row) * qr->width + left + column], ==,
                            pattern[row][column] == '#');
}

static void a_qr_code_has_its_finders(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree Qr *qr = qr_of("https://example.cn/verify/ABCD2345EFGH6789", QR_STURDY, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(qr->width, ==, 29); /* 42 bytes at level M: version 3, 17 + 4 × 3 */
    assert_finder(qr, 0, 0);
    assert_finder(qr, 0, qr->width - 7);
    assert_finder(qr, qr->width - 7, 0);
    g_assert_cmpuint(qr_run(qr, 0, 0), ==, 7);
    g_assert_cmpuint(qr_run(qr, 0, 7), ==, 0);
}

static void a_text_too_long_for_a_code_is_a_fault(void)
{
    g_autofree char *text = g_strnfill(4000, 'x');
    g_autoptr(GError) error = NULL;
    g_assert_null(qr_of(text, QR_STURDY, &error));
    g_assert_error(error, TROUBLE, FAULT);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paper/the same paper gives the same bytes",
                    the_same_paper_gives_the_same_bytes);
    g_test_add_func("/paper/a paper can be read", a_paper_can_be_read);
    g_test_add_func("/paper/the seal mark bears its text", the_seal_mark_bears_its_text);
    g_test_add_func("/paper/copies follow one another", copies_follow_one_another);
    g_test_add_func("/paper/a long paper loses nothing", a_long_paper_loses_nothing);
    g_test_add_func("/paper/odd papers are still papers", odd_papers_are_still_papers);
    g_test_add_func("/paper/a link too long is a fault", a_link_too_long_is_a_fault);
    g_test_add_func("/paper/threads print at the same time", threads_print_at_the_same_time);
    g_test_add_func("/qr/a code has its finders", a_qr_code_has_its_finders);
    g_test_add_func("/qr/a text too long for a code is a fault",
                    a_text_too_long_for_a_code_is_a_fault);
    return g_test_run();
}
