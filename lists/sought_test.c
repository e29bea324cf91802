// SPDX-License-Identifier: Apache-2.0
/* Persons found by keyed hashes: names as they are written and as people look for them. */
#include "lists/lists.h"

#include "rooms_test.h"

enum { COUNTY = 330482 };
static const char table[] = "case_hash";

typedef struct Bench {
    char *folder;
    Store *store;
} Bench;

static void bench_open(Bench *b)
{
    b->folder = g_dir_make_tmp("sought-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(file, 2);
}

static void bench_close(Bench *b)
{
    store_close(b->store);
    remove_tree(b->folder);
    g_free(b->folder);
}

typedef struct Putting {
    int64_t number;
    Sought who;
} Putting;

static bool put_work(Db *db, void *data, GError **error)
{
    const Putting *self = data;
    return sought_put(&(Context){ .db = db, .county = COUNTY }, table, self->number, &self->who, error);
}

static void put(Bench *b, int64_t number, Sought who)
{
    g_autoptr(GError) error = NULL;
    who.id_number = who.id_number ? who.id_number : "";
    who.telephone = who.telephone ? who.telephone : "";
    store_write(b->store, put_work, &(Putting){ number, who }, &error);
    g_assert_no_error(error);
}

static void put_person(Bench *b, int64_t number, const char *name)
{
    put(b, number, (Sought){ .is_person = true, .name = name });
}

static bool has(Db *db, int64_t number, int64_t hash)
{
    int64_t one;
    bool found;
    g_assert_true(db_integer(db, "SELECT 1 FROM case_hash WHERE county = :county AND number = :number AND hash = :hash",
                             WITH(db_int("county", COUNTY), db_int("number", number), db_int("hash", hash)), &one, &found, NULL));
    return found;
}

static bool has_all(Db *db, int64_t number, const SoughtWay *way)
{
    bool all = true;
    for (size_t i = 0; i < way->count; i++)
        all = all && has(db, number, way->hashes[i]);
    return all;
}

/* The first way in which that subject is found; NULL: it is not. */
static const char *way_to(Bench *b, int64_t number, Sought typed)
{
    SoughtWays ways;
    const char *way = NULL;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    typed.name = typed.name ? typed.name : "";
    typed.id_number = typed.id_number ? typed.id_number : "";
    typed.telephone = typed.telephone ? typed.telephone : "";
    sought_ways(&(Context){ .db = db, .county = COUNTY }, table, &typed, &ways, &error);
    g_assert_no_error(error);
    for (size_t i = 0; !way && i < ways.count; i++)
        way = has_all(db, number, &ways.ways[i]) ? sought_kinds[ways.ways[i].by] : NULL;
    store_return(b->store, db);
    return way;
}

static void assert_way(Bench *b, int64_t number, const char *name, const char *way)
{
    const char *found = way_to(b, number, (Sought){ .name = name });
    if (g_strcmp0(found, way) != 0)
        g_error("%s: wanted %s, got %s", name, way, found);
}

typedef struct Typed {
    const char *name, *way;
} Typed;

static void assert_ways(const char *name, bool is_person, const Typed *typed)
{
    Bench b;
    bench_open(&b);
    put(&b, 1, (Sought){ .is_person = is_person, .name = name });
    for (; typed->name; typed++)
        assert_way(&b, 1, typed->name, typed->way);
    bench_close(&b);
}

static void a_name_is_found_by_whole_parts_and_readings(void)
{
    assert_ways("张晓明", true, (const Typed[]){
        { "张晓明", "name" }, { " 张 晓\u3000明 ", "name" }, { "张\u200b晓明", "name" }, { "張曉明", "name" }, { "晓明", "part" }, { "明张", "part" }, { "张", "part" },
        { "zhangxiaoming", "pinyin" }, { "Zhang Xiao Ming", "pinyin" }, { "ＺＨＡＮＧ xiaoming", "pinyin" }, { "章小鸣", "pinyin" },
        { "zxm", "initials" }, { "ZXM", "initials" }, { "张晓亮", NULL }, { "zhangxiao", NULL }, { "zx", NULL }, { "李", NULL }, { "·", NULL }, { "?!", NULL }, { NULL } });
}

static void a_given_name_is_found_by_its_pinyin_where_that_is_kept(void)
{
    static const struct { const char *name, *typed, *way; } all[] = {
        { "张晓明", "xiaoming", "given" }, { "张晓明", "Xiao Ming", "given" }, { "张三", "san", "given" }, { "欧阳示例", "shili", "given" },
        { "欧阳示例", "yangshili", "given" }, { "张晓明", "ming", NULL }, { "张晓明", "zhangxiao", NULL }, { "张晓明", "zhangxiaoming", "pinyin" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        Bench b;
        bench_open(&b);
        put(&b, 1, (Sought){ .is_person = true, .has_given = true, .name = all[i].name });
        assert_way(&b, 1, all[i].typed, all[i].way);
        put(&b, 2, (Sought){ .has_given = true, .name = "华联超市" });
        assert_way(&b, 2, "lianchaoshi", NULL); /* of persons alone */
        bench_close(&b);
    }
}

static void a_surname_is_read_as_such_or_as_any_word(void)
{
    assert_ways("曾国强", true, (const Typed[]){ { "zengguoqiang", "pinyin" }, { "cengguoqiang", "pinyin" }, { "zgq", "initials" }, { "cgq", "initials" }, { NULL } });
}

static void a_middle_dot_makes_no_difference(void)
{
    static const char *const dots[] = { "·", "・", "•", "‧", "∙", "⋅", "･", ".", " ", "－" };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(dots); i++) {
        g_autofree char *name = g_strconcat("阿卜杜", dots[i], "买买提", NULL);
        put_person(&b, (int64_t)i + 1, name);
        assert_way(&b, (int64_t)i + 1, "阿卜杜·买买提", "name");
        assert_way(&b, 1, name, "name");
    }
    bench_close(&b);
}

static void words_of_other_scripts_are_found_by_each(void)
{
    assert_ways("José García-Márquez", true, (const Typed[]){ { "josé garcía márquez", "name" }, { "MÁRQUEZ José", "part" }, { "jose garcia marquez", "pinyin" },
                                                            { "jgm", "initials" }, { "mar", NULL }, { NULL } });
    assert_ways("བསོད་ནམས", true, (const Typed[]){ { "བསོད་ནམས", "name" }, { "ནམས", "part" }, { NULL } });
}

static void rare_characters_are_found(void)
{
    assert_ways("𠮷田𬙊", true, (const Typed[]){ { "𠮷田𬙊", "name" }, { "𬙊", "part" }, { "𠮷", "part" }, { "吉", NULL }, { NULL } });
    assert_ways("葛\U000E0101一", true, (const Typed[]){ { "葛一", "name" }, { "葛\uFE00一", "name" }, { NULL } }); /* a selector of variants */
    assert_ways("\uF90A一", true, (const Typed[]){ { "金一", "name" }, { NULL } });                               /* a compatibility character */
}

static void assert_common(const char *name, bool is_common)
{
    Bench b;
    SoughtWays ways;
    bench_open(&b);
    Db *db = store_reader(b.store, NULL);
    g_assert_true(sought_ways(&(Context){ .db = db, .county = COUNTY }, table, &(Sought){ .name = name, .id_number = "", .telephone = "" }, &ways, NULL));
    g_assert_true(ways.is_common == is_common);
    store_return(b.store, db);
    bench_close(&b);
}

static void an_enterprise_is_found_by_what_others_are_not_called(void)
{
    assert_ways("平湖市（新仓）华联超市有限公司", false, (const Typed[]){
        { "平湖市(新仓)华联超市有限公司", "name" }, { "华联超市", "part" }, { "新仓 华联", "part" }, { "华联公司", "part" }, { "有限公司", NULL }, { "华润", NULL },
        { "phsxchlcsyxgs", "initials" }, { NULL } });
    assert_common("有限公司", true);
    assert_common("华联有限公司", false);
    assert_common("·", false);
    assert_ways("村公", true, (const Typed[]){ { "村", "part" }, { NULL } });
}

static void numbers_and_telephones_are_found_however_they_are_written(void)
{
    static const char *const telephones[] = { "13800000000", "138 0000 0000", "+86 138-0000-0000", "008613800000000" };
    static const char *const numbers[] = { "330499198001010013", " 330499 19800101 0013 ", "３３０４９９１９８００１０１００１３" };
    Bench b;
    bench_open(&b);
    put(&b, 1, (Sought){ .is_person = true, .name = "张三", .id_number = "330499198001010013", .telephone = "13800000000" });
    put(&b, 2, (Sought){ .name = "店", .id_number = "91350100M000100Y43", .telephone = "0573-85550199" });
    for (size_t i = 0; i < G_N_ELEMENTS(telephones); i++)
        g_assert_cmpstr(way_to(&b, 1, (Sought){ .telephone = telephones[i] }), ==, "telephone");
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_assert_cmpstr(way_to(&b, 1, (Sought){ .id_number = numbers[i] }), ==, "number");
    g_assert_cmpstr(way_to(&b, 2, (Sought){ .telephone = "(0573)85550199" }), ==, "telephone");
    g_assert_cmpstr(way_to(&b, 2, (Sought){ .id_number = "91350100m000100y43" }), ==, "number");
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .telephone = "0000" }), ==, NULL);
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .name = "zs", .telephone = "13800000000" }), ==, "initials");
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .name = "zs", .telephone = "13800000001" }), ==, NULL); /* both must fit */
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .name = "13800000000" }), ==, NULL); /* of each kind there is another hash */
    bench_close(&b);
}

static void a_receipt_is_found_by_place_and_day_together(void)
{
    Bench b;
    bench_open(&b);
    put(&b, 1, (Sought){ .is_person = true, .name = "张三", .place = 330482103201, .day = 16316 });
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .place = 330482103201, .day = 16316 }), ==, "receipt");
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .place = 330482103201, .day = 16317 }), ==, NULL);
    g_assert_cmpstr(way_to(&b, 1, (Sought){ .place = 330482103202, .day = 16316 }), ==, NULL);
    bench_close(&b);
}

static void a_long_name_has_no_more_hashes_than_fit(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GString) name = g_string_new(NULL);
    for (gunichar letter = 0x4e00; letter < 0x4e00 + 100; letter++)
        g_string_append_unichar(name, letter);
    put_person(&b, 1, name->str);
    assert_way(&b, 1, name->str, "name");
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b.store, NULL);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SoughtRow));
    sought_rows(&(Context){ .db = db, .county = COUNTY }, table, 0, 1, rows, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rows->len, ==, SOUGHT_MOST);
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sought/a name is found by whole, parts and readings", a_name_is_found_by_whole_parts_and_readings);
    g_test_add_func("/sought/a given name is found by its pinyin where that is kept", a_given_name_is_found_by_its_pinyin_where_that_is_kept);
    g_test_add_func("/sought/a surname is read as such or as any word", a_surname_is_read_as_such_or_as_any_word);
    g_test_add_func("/sought/a middle dot makes no difference", a_middle_dot_makes_no_difference);
    g_test_add_func("/sought/words of other scripts are found by each", words_of_other_scripts_are_found_by_each);
    g_test_add_func("/sought/rare characters are found", rare_characters_are_found);
    g_test_add_func("/sought/an enterprise is found by what others are not called", an_enterprise_is_found_by_what_others_are_not_called);
    g_test_add_func("/sought/numbers and telephones are found however they are written", numbers_and_telephones_are_found_however_they_are_written);
    g_test_add_func("/sought/a receipt is found by place and day together", a_receipt_is_found_by_place_and_day_together);
    g_test_add_func("/sought/a long name has no more hashes than fit", a_long_name_has_no_more_hashes_than_fit);
    return g_test_run();
}
