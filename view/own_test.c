// SPDX-License-Identifier: Apache-2.0
/* Words that a county says in its own way. */
#include "view/project_test.h"

static View *own_of(const View *base, enum language language, const char *words, GError **error)
{
    View *own = view_own(base);
    if (view_say(own, language, "words.json", words, strlen(words), error))
        return own;
    view_close(own);
    return NULL;
}

static void shows(const View *view, enum language language, const char *expected)
{
    g_autoptr(json_t) answer = json_pack("{s:s, s:s, s:s}", "name", "<n>", "due_day", "2014-09-03", "state", "review");
    g_autofree char *got = view_page(view, "a/page", language, answer, NULL, NULL, NULL);
    g_assert_cmpstr(got, ==, expected);
}

static void own_words_stand_in_place_of_the_programs(void)
{
    g_autoptr(GError) error = NULL;
    Project project = usual_project("{{t.a.title}}|{{> t.a.due}}|{{state_text}}|{{> t.a.outer}}");
    g_autoptr(View) base = open_project(&project, NULL);
    g_autoptr(View) own = own_of(base, CHINESE, "{\"a\": {\"title\": \"本<县>\", \"due\": \"{{due_day_text}}前\","
                                                " \"codes\": {\"state\": {\"review\": \"在看\"}}}}", &error);
    g_assert_no_error(error);
    shows(own, CHINESE, "本&lt;县&gt;|2014年9月3日(周三)前|在看|甲[]本&lt;县&gt;");
    shows(own, ENGLISH, "My &lt;items&gt;|Done by 3 September 2014|Under review|A[]My &lt;items&gt;");
    shows(base, CHINESE, "我的&lt;事项&gt;|最迟 2014年9月3日(周三) 办结|审查中|甲[]我的&lt;事项&gt;");
    g_autofree char *sentence = view_sentence(own, CHINESE, "a.title", NULL);
    g_assert_cmpstr(sentence, ==, "本<县>");
}

static void a_word_said_again_is_said_anew(void)
{
    g_autoptr(GError) error = NULL;
    Project project = usual_project("{{t.a.title}}");
    g_autoptr(View) base = open_project(&project, NULL);
    g_autoptr(View) own = own_of(base, ENGLISH, "{\"a\": {\"title\": \"One\"}}", &error);
    g_assert_no_error(error);
    g_assert_true(view_say_word(own, ENGLISH, "a.title", "Two", NULL));
    shows(own, ENGLISH, "Two");
    shows(own, CHINESE, "我的&lt;事项&gt;");
}

static void what_it_may_not_say_is_refused(void)
{
    static const char *const wrong[][3] = {
        { "{\"a\": {\"title\"", "view.own_form", "\"line\":\"1\"" },
        { "[]", "view.own_form", "words.json" },
        { "{\"a\": {\"titel\": \"x\"}}", "view.own_unknown", "a.titel" },
        { "{\"title\": \"x\"}", "view.own_unknown", "title" },
        { "{\"a\": {\"title\": 7}}", "view.own_unknown", "a.title" },
        { "{\"a\": {\"due\": \"bis {{due_day_text\"}}", "view.own_broken", "not closed" },
        { "{\"a\": {\"due\": \"{{{name}}}\"}}", "view.own_broken", "a.due" },
        { "{\"a\": {\"title\": \"{{secret}}\"}}", "view.own_tag", "a.title" },
        { "{\"a\": {\"title\": \"{{> a/part}}\"}}", "view.own_tag", "a.title" },
    };
    Project project = usual_project("{{t.a.title}}");
    g_autoptr(View) base = open_project(&project, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(own_of(base, CHINESE, wrong[i][0], &error));
        g_assert_error(error, TROUBLE, BAD_INPUT);
        g_assert_nonnull(strstr(error->message, wrong[i][1]));
        g_assert_nonnull(strstr(error->message, wrong[i][2]));
    }
}

/* Four words, each saying the next twenty times; the last of many tags, or long. */
static char *words_many_times(const char *last, unsigned times)
{
    static const char *const chain[] = { "t.a.sub.deep", "> t.a.named", "> t.a.outer",
                                         "> t.a.due" };
    g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(chain); i++) {
        g_autoptr(GString) word = g_string_new(NULL);
        for (unsigned time = 0; time < 20; time++)
            g_string_append_printf(word, "{{%s}}", chain[i]);
        g_ptr_array_add(said, g_string_free(g_steal_pointer(&word), FALSE));
    }
    g_autoptr(GString) due = g_string_new(NULL);
    for (unsigned time = 0; time < times; time++)
        g_string_append(due, last);
    void *const *word = said->pdata;
    json_t *own = json_pack("{s:{s:s, s:{s:s}, s:s, s:s, s:s}}", "a", "title", word[0], "sub",
                            "deep", word[1], "named", word[2], "outer", word[3], "due", due->str);
    char *text = json_dumps(own, 0);
    json_decref(own);
    return text;
}

static void words_that_grow_without_end_are_stopped(void)
{
    static const struct {
        const char *last;
        unsigned times;
    } grown[] = { { "x{{due_day_text}}", 100 }, { "0123456789", 1000 } };
    Project project = usual_project("{{t.a.title}}");
    g_autoptr(View) base = open_project(&project, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(grown); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *words = words_many_times(grown[i].last, grown[i].times);
        g_autoptr(View) own = own_of(base, CHINESE, words, &error);
        g_assert_no_error(error);
        g_assert_null(view_page(own, "a/page", CHINESE, NULL, NULL, NULL, &error));
        g_assert_error(error, TROUBLE, FAULT);
        g_assert_nonnull(strstr(error->message, "goes on without end"));
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/own/own words stand in place of the program's", own_words_stand_in_place_of_the_programs);
    g_test_add_func("/view/own/a word said again is said anew", a_word_said_again_is_said_anew);
    g_test_add_func("/view/own/what it may not say is refused", what_it_may_not_say_is_refused);
    g_test_add_func("/view/own/words that grow without end are stopped",
                    words_that_grow_without_end_are_stopped);
    return g_test_run();
}
