// SPDX-License-Identifier: Apache-2.0
/* The list of counties that one program serves is read and refused as a whole. */
#include "base/base.h"

#include <string.h>

static const char header[] = "code,host,name,name_en\n";

static Counties *list_of(const char *rows, GError **error)
{
    g_autofree char *text = g_strconcat(header, rows, NULL);
    return counties_read(text, strlen(text), error);
}

static void a_region_has_the_counties_of_its_code(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Counties) all = list_of("330000,zj.example,浙江省,Zhejiang\n330400,jx.example,嘉兴市,Jiaxing\n330482,ph.example,平湖市,Pinghu\n"
                                   "330481,hn.example,海宁市,Haining\n330102,sc.example,上城区,Shangcheng\n310101,hp.example,黄浦区,Huangpu\n", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(all->count, ==, 6);
    g_assert_cmpstr(all->all[2].name, ==, "平湖市");
    g_autoptr(Counties) province = counties_within(all, 330000), city = counties_within(all, 330400), none = counties_within(all, 440000);
    g_assert_cmpuint(province->count, ==, 3);
    g_assert_cmpuint(city->count, ==, 2);
    g_assert_cmpint(city->all[0].code, ==, 330482);
    g_assert_cmpstr(city->all[1].host, ==, "hn.example");
    g_assert_cmpuint(none->count, ==, 0);
}

static void a_county_may_have_a_public_address(void)
{
    static const char list[] = "code,host,name,name_en,public_url\n330482,ph.example,平湖市,Pinghu,https://zwfw.example:8443\n"
                               "330481,hn.example,海宁市,Haining,\n330400,jx.example,嘉兴市,Jiaxing,\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(Counties) all = counties_read(list, strlen(list), &error);
    g_assert_no_error(error);
    g_autoptr(Counties) city = counties_within(all, 330400);
    g_assert_cmpstr(city->all[0].public_url, ==, "https://zwfw.example:8443");
    g_assert_null(city->all[1].public_url);
}

static void a_public_address_that_is_none_is_refused(void)
{
    static const char *const wrong[] = { "zwfw.example", "https://", "https://zwfw.example/", "https://zwfw.example/centre", "ftp://zwfw.example",
                                         "https://zwfw.example:", "https://zwfw.example:x", "https://a@zwfw.example", "https://ZWFW.example", "http://a b" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *list = g_strdup_printf("code,host,name,name_en,public_url\n330482,ph.example,平湖市,Pinghu,%s\n", wrong[i]);
        g_assert_null(counties_read(list, strlen(list), &error));
        g_assert_error(error, TROUBLE, NOT_FITTING);
        g_assert_nonnull(strstr(error->message, "base.counties_public_url"));
    }
    static const char twice[] = "code,host,name,name_en,public_url\n330482,a.example,平湖市,Pinghu,http://x.example\n"
                                "330481,b.example,海宁市,Haining,http://x.example\n";
    g_autoptr(GError) error = NULL;
    g_assert_null(counties_read(twice, strlen(twice), &error));
    g_assert_nonnull(strstr(error->message, "base.counties_double"));
}

static void what_is_no_list_is_refused_by_line(void)
{
    static const struct {
        const char *rows, *reason, *line;
    } wrong[] = {
        { "", "base.csv_empty", "" },
        { "33048,ph.example,平湖市,Pinghu\n", "base.counties_code", "\"line\":\"2\"" },
        { "03048a,ph.example,平湖市,Pinghu\n", "base.counties_code", "03048a" },
        { "330482,,平湖市,Pinghu\n", "base.counties_host", "\"line\":\"2\"" },
        { "330482,ph.example:8080,平湖市,Pinghu\n", "base.counties_host", "ph.example:8080" },
        { "330482,PH.example,平湖市,Pinghu\n", "base.counties_host", "PH.example" },
        { "330482,ph.example,,Pinghu\n", "base.counties_name", "\"column\":\"name\"" },
        { "330482,ph.example,平湖市,\n", "base.counties_name", "name_en" },
        { "330482,a.example,平湖市,Pinghu\n330482,b.example,平湖市,Pinghu\n", "base.counties_double", "\"line\":\"3\"" },
        { "330482,a.example,平湖市,Pinghu\n330481,a.example,海宁市,Haining\n", "base.counties_double", "a.example" },
        { "330482,a.example\n", "base.csv_uneven", "\"line\":\"2\"" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(list_of(wrong[i].rows, &error));
        g_assert_error(error, TROUBLE, NOT_FITTING);
        g_assert_nonnull(strstr(error->message, wrong[i].reason));
        g_assert_nonnull(strstr(error->message, wrong[i].line));
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/counties/a region has the counties of its code", a_region_has_the_counties_of_its_code);
    g_test_add_func("/base/counties/a county may have a public address", a_county_may_have_a_public_address);
    g_test_add_func("/base/counties/a public address that is none is refused", a_public_address_that_is_none_is_refused);
    g_test_add_func("/base/counties/what is no list is refused by line", what_is_no_list_is_refused_by_line);
    return g_test_run();
}
