// SPDX-License-Identifier: Apache-2.0
#include "view/project_test.h"

static const Case in_chinese[] = {
    { "{{a_day_text}}", "{\"a_day\": \"2014-09-03\"}", "2014年9月3日(周三)" },
    { "{{day_text}}", "{\"day\": \"2023-12-31\"}", "2023年12月31日(周日)" },
    { "{{a_day_text}}", "{\"a_day\": \"soon\"}", "soon" },
    { "[{{a_day_text}}]", "{\"a_day\": null}", "[]" },
    { "{{holiday_text}}", "{\"holiday\": \"2014-09-03\"}", "2014-09-03" },
    { "{{a_at_text}}", "{\"a_at\": 1409724300000}", "2014年9月3日(周三) 14:05" },
    { "{{at_text}}", "{\"at\": 0}", "1970年1月1日(周四) 08:00" },
    { "{{at_text}}", "{\"at\": 9223372036854775807}", "9,223,372,036,854,775,807" },
    { "{{at_text}}", "{\"at\": \"never\"}", "never" },
    { "{{a_fen_text}}", "{\"a_fen\": 123450}", "1,234.50 元" },
    { "{{a_fen_text}}", "{\"a_fen\": 5}", "0.05 元" },
    { "{{a_fen_text}}", "{\"a_fen\": -123450}", "-1,234.50 元" },
    { "{{a_fen_text}}", "{\"a_fen\": -9223372036854775808}", "-92,233,720,368,547,758.08 元" },
    { "{{a_size_text}}", "{\"a_size\": 0}", "0 B" },
    { "{{a_size_text}}", "{\"a_size\": 1023}", "1,023 B" },
    { "{{a_size_text}}", "{\"a_size\": 1024}", "1 KB" },
    { "{{a_size_text}}", "{\"a_size\": 2516582}", "2.4 MB" },
    { "{{a_size_text}}", "{\"a_size\": 20971520}", "20 MB" },
    { "{{a_size_text}}", "{\"a_size\": 1048575}", "1 MB" },
    { "{{a_size_text}}", "{\"a_size\": 9223372036854775807}", "524,288 TB" },
    { "{{limit_text}}", "{\"limit\": {\"days\": 5, \"unit\": \"working\"}}", "5个工作日" },
    { "{{limit_text}}", "{\"limit\": {\"days\": 1, \"unit\": \"calendar\"}}", "1个自然日" },
    { "{{limit_text}}", "{\"limit\": {\"days\": 3, \"unit\": \"months\"}}", "3个月" },
    { "{{limit_text}}", "{\"limit\": {\"days\": 0, \"unit\": \"working\"}}", "当日" },
    { "[{{limit_text}}]", "{\"limit\": {\"days\": 5, \"unit\": \"moon\"}}", "[]" },
    { "[{{limit_text}}]", "{\"limit\": {\"days\": null, \"unit\": \"working\"}}", "[]" },
    { "{{name_text}}", "{\"name\": \"平湖\", \"name_en\": \"Pinghu\"}", "平湖" },
    { "{{state_text}}", "{\"state\": \"review\"}", "审查中" },
    { "{{state_text}}", "{\"state\": \"unknown\"}", "unknown" },
    { "{{state_text}}", "{\"state\": \"with\", \"n\": 3}", "共3步" },
    { "{{kind_text}}", "{\"kind\": \"case.accepted\"}", "受理" },
    { "{{flag_text}}{{a.flag_text}}", "{\"flag\": true, \"a\": {\"flag\": false}}", "是否" },
    { "{{round_text}} {{a.round_text}}", "{\"round\": 2, \"a\": {\"round\": 3000}}",
      "第二轮 3,000" },
    { "{{count_text}}", "{\"count\": 1234567}", "1,234,567" },
    { "{{count_text}}", "{\"count\": -1000}", "-1,000" },
    { "{{count_text}}", "{\"count\": 999}", "999" },
    { "{{count_text}}", "{\"count\": 1.5}", "1.5" },
    { "{{state_text}}", "{\"state\": \"review\", \"state_text\": \"given\"}", "given" },
    /* the nearest of both names counts */
    { "{{#a}}{{state_text}}{{/a}}", "{\"a\": {\"state\": \"review\"}, \"state_text\": \"out\"}",
      "审查中" },
    { "{{#a}}{{state_text}}{{/a}}", "{\"a\": {}, \"state\": \"review\"}", "审查中" },
    { "{{a.b.state_text}}", "{\"a\": {\"b\": {\"state\": \"review\"}}}", "审查中" },
    { "[{{state_text}}]", "{}", "[]" },
    { "{{_text}}", "{\"_text\": 1}", "1" },
};

static void values_are_written_in_chinese(void)
{
    check_cases(in_chinese, G_N_ELEMENTS(in_chinese), CHINESE);
}

static void values_are_written_in_english(void)
{
    static const Case cases[] = {
        { "{{a_day_text}}", "{\"a_day\": \"2014-09-03\"}", "3 September 2014" },
        { "{{a_at_text}}", "{\"a_at\": 1409706300000}", "3 September 2014, 09:05" },
        { "{{a_fen_text}}", "{\"a_fen\": 123450}", "CNY 1,234.50" },
        { "{{a_fen_text}}", "{\"a_fen\": -5}", "CNY -0.05" },
        { "{{limit_text}}", "{\"limit\": {\"days\": 5, \"unit\": \"working\"}}", "5 working days" },
        { "{{limit_text}}", "{\"limit\": {\"days\": 1, \"unit\": \"working\"}}", "1 working day" },
        { "{{limit_text}}", "{\"limit\": {\"days\": 30, \"unit\": \"calendar\"}}",
          "30 calendar days" },
        { "{{limit_text}}", "{\"limit\": {\"days\": 0, \"unit\": \"calendar\"}}", "the same day" },
        { "{{name_text}}", "{\"name\": \"平湖\", \"name_en\": \"Pinghu\"}", "Pinghu" },
        { "{{name_text}}", "{\"name\": \"平湖\", \"name_en\": \"\"}", "平湖" },
        { "{{name_text}}", "{\"name\": \"平湖\"}", "平湖" },
        /* the English name of another thing is not this one's */
        { "{{#a}}{{name_text}}{{/a}}", "{\"a\": {\"name\": \"里\"}, \"name_en\": \"Outside\"}",
          "里" },
        { "{{state_text}}", "{\"state\": \"review\"}", "Under review" },
        { "{{state_text}}", "{\"state\": \"review\", \"state_en\": \"Mine\"}", "Mine" },
        { "{{count_text}}", "{\"count\": 1234567}", "1,234,567" },
    };
    check_cases(cases, G_N_ELEMENTS(cases), ENGLISH);
}

static void single_values_are_written(void)
{
    g_autofree char *day = view_day(CHINESE, day_parse("2014-09-03"));
    g_assert_cmpstr(day, ==, "2014年9月3日(周三)");
    g_autofree char *none = view_day(ENGLISH, DAY_NONE);
    g_assert_cmpstr(none, ==, "");
    g_autofree char *at = view_instant(ENGLISH, instant_at(day_parse("2014-09-03"), 845));
    g_assert_cmpstr(at, ==, "3 September 2014, 14:05");
    g_autofree char *amount = view_amount(CHINESE, 100000000);
    g_assert_cmpstr(amount, ==, "1,000,000.00 元");
    g_autofree char *number = view_number(INT64_MIN);
    g_assert_cmpstr(number, ==, "-9,223,372,036,854,775,808");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/values are written in Chinese", values_are_written_in_chinese);
    g_test_add_func("/view/values are written in English", values_are_written_in_english);
    g_test_add_func("/view/single values are written", single_values_are_written);
    return g_test_run();
}
