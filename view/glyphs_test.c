// SPDX-License-Identifier: Apache-2.0
/* Every character of GB 18030-2022 prints: level 3 of the standard has 87,887 Chinese characters, beside the scripts of those who write
 * others. */
#include "view/print_test.h"

/* The blocks of the standard, with how many characters are assigned in them. */
static const struct { const char *name; gunichar first, last; unsigned count; bool is_han; } blocks[] = {
    { "CJK Unified Ideographs", 0x4e00, 0x9fef, 20976, true },
    { "Extension A", 0x3400, 0x4db5, 6582, true },
    { "Extension B", 0x20000, 0x2a6d6, 42711, true },
    { "Extension C", 0x2a700, 0x2b734, 4149, true },
    { "Extension D", 0x2b740, 0x2b81d, 222, true },
    { "Extension E", 0x2b820, 0x2cea1, 5762, true },
    { "Extension F", 0x2ceb0, 0x2ebe0, 7473, true },
    { "unified ones among the compatibility ideographs", 0xfa0e, 0xfa0f, 2, true },
    { "the same", 0xfa11, 0xfa11, 1, true },
    { "the same", 0xfa13, 0xfa14, 2, true },
    { "the same", 0xfa1f, 0xfa1f, 1, true },
    { "the same", 0xfa21, 0xfa21, 1, true },
    { "the same", 0xfa23, 0xfa24, 2, true },
    { "the same", 0xfa27, 0xfa29, 3, true },
    { "Kangxi Radicals", 0x2f00, 0x2fd5, 214, false },
    { "Tibetan", 0xf00, 0xf47, 72, false },
    { "Tibetan", 0xf49, 0xf6c, 36, false },
    { "Tibetan", 0xf71, 0xf97, 39, false },
    { "Tibetan", 0xf99, 0xfbc, 36, false },
    { "Tibetan", 0xfbe, 0xfcc, 15, false },
    { "Tibetan", 0xfce, 0xfda, 13, false },
    { "Mongolian", 0x1800, 0x180d, 14, false },
    { "Mongolian digits", 0x1810, 0x1819, 10, false },
    { "Mongolian, Todo, Sibe, Manchu", 0x1820, 0x1877, 88, false },
    { "Mongolian, Sanskrit and Tibetan letters", 0x1880, 0x18aa, 43, false },
    { "Mongolian Supplement", 0x11660, 0x1166c, 13, false },
    { "Arabic, as Uyghur, Kazakh and Kirghiz write it", 0x620, 0x64a, 43, false },
    { "the same", 0x674, 0x6d3, 96, false },
    { "Arabic Presentation Forms-A", 0xfb50, 0xfbb1, 98, false },
    { "the same", 0xfbd3, 0xfd3d, 363, false },
    { "Arabic Presentation Forms-B", 0xfe80, 0xfefc, 125, false },
    { "Tai Le", 0x1950, 0x196d, 30, false },
    { "Tai Le", 0x1970, 0x1974, 5, false },
    { "New Tai Lue", 0x1980, 0x19ab, 44, false },
    { "New Tai Lue", 0x19b0, 0x19c9, 26, false },
    { "New Tai Lue", 0x19d0, 0x19da, 11, false },
    { "New Tai Lue", 0x19de, 0x19df, 2, false },
    { "Tai Tham", 0x1a20, 0x1a5e, 63, false },
    { "Tai Tham", 0x1a60, 0x1a7c, 29, false },
    { "Tai Tham", 0x1a7f, 0x1a89, 11, false },
    { "Tai Tham", 0x1a90, 0x1a99, 10, false },
    { "Tai Tham", 0x1aa0, 0x1aad, 14, false },
    { "Yi", 0xa000, 0xa48c, 1165, false },
    { "Yi Radicals", 0xa490, 0xa4c6, 55, false },
    { "Lisu", 0xa4d0, 0xa4ff, 48, false },
    { "Hangul Compatibility Jamo", 0x3131, 0x3163, 51, false },
    { "Hangul", 0xac00, 0xd7a3, 11172, false },
    { "Miao", 0x16f00, 0x16f4a, 75, false },
    { "Miao", 0x16f4f, 0x16f87, 57, false },
    { "Miao", 0x16f8f, 0x16f9f, 17, false },
};

static void every_character_of_the_standard_has_a_glyph(void)
{
    unsigned chinese = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        g_autoptr(GString) all = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        for (gunichar c = blocks[i].first; c <= blocks[i].last; c++)
            g_string_append_unichar(all, c);
        g_assert_cmpint(g_utf8_strlen(all->str, -1), ==, blocks[i].count);
        view_prints(all->str, &error);
        g_assert_no_error(error);
        chinese += blocks[i].is_han ? blocks[i].count : 0;
    }
    g_assert_cmpuint(chinese, ==, 87887);
}

/* The first, middle and last of each block of Chinese characters come out of the paper as they went in. */
static void rare_characters_can_be_read(void)
{
    g_autoptr(json_t) lines = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        g_string_append_unichar(line, blocks[i].first);
        g_string_append_unichar(line, (blocks[i].first + blocks[i].last) / 2);
        g_string_append_unichar(line, blocks[i].last);
        if (blocks[i].is_han)
            json_array_append_new(lines, json_string(line->str));
    }
    json_array_append_new(lines, json_string("དཔེ་ཆ ئۇيغۇر ᠮᠣᠩᠭᠣᠯ ꆈꌠ 조선글"));
    g_autoptr(json_t) paper = json_pack("{s:s, s:O}", "title", "字", "lines", lines);
    g_autoptr(GBytes) bytes = print(paper);
    g_autofree char *text = text_of(bytes);
    if (!text)
        return;
    for (size_t i = 0; i + 1 < json_array_size(lines); i++)
        g_assert_nonnull(strstr(text, json_string_value(json_array_get(lines, i))));
    static const char *const scripts[] = { "དཔ", "ཆ", "ئۇيغۇر", "ᠮᠣᠩᠭᠣᠯ", "ꆈꌠ", "조선글" }; /* poppler sets a vowel above its letter apart */
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++)
        g_assert_nonnull(strstr(text, scripts[i]));
}

static void assert_does_not_print(const char *text, const char *reason, const char *code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(view_prints(text, &error));
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpstr(json_text(details, "code"), ==, code);
}

static void a_character_without_a_glyph_is_named(void)
{
    assert_does_not_print("张\U0001F9FF三", "view.no_glyph", "U+1F9FF"); /* an amulet, of which no font of papers has a picture */
    assert_does_not_print("张\U00030000三", "view.no_glyph", "U+30000"); /* Extension G, later than the standard */
    assert_does_not_print("张\u200d三", "base.hidden_character", "U+200D");
    assert_does_not_print("\ue5e5三", "base.hidden_character", "U+E5E5");
    g_autoptr(GError) error = NULL;
    view_prints("葛\U000E0101城 “3.15”申请书 〔2014〕12号 ①② ℃ ㎡ 1.5×2 ±0.1 ≥3 —— … é ü β Ω", &error);
    g_assert_no_error(error);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/glyphs/every character of the standard has one", every_character_of_the_standard_has_a_glyph);
    g_test_add_func("/glyphs/rare characters can be read", rare_characters_can_be_read);
    g_test_add_func("/glyphs/a character without one is named", a_character_without_a_glyph_is_named);
    return g_test_run();
}
