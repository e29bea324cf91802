// SPDX-License-Identifier: Apache-2.0
/* People who are made up by their number. */
#include "demo/room.h"

#include <stdio.h>
#include <string.h>

enum { SERIALS = 999, BORN_FROM = 1935, YEARS = 60 };

/* Check character of a resident identity number (GB 11643): weights 2^(17-i) modulo 11. */
static char check_character(const char digits[17])
{
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * ((1 << (17 - i)) % 11);
    return "10X98765432"[sum % 11];
}

void demo_person(unsigned number, Person *out)
{
    static const char *const families[] = { "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "朱", "马", "胡",
                                            "郭", "林", "何", "高", "沈", "陆", "钱", "俞", "金", "许", "戴", "顾", "曹", "冯", "毛" };
    static const char *const given[] = { "建", "丽", "志", "秀", "国", "雅", "海", "永", "晓", "雪", "伟", "敏", "静", "磊", "芳", "勇",
                                         "琳", "军", "佳", "文", "华", "娟", "强", "英", "良", "琴", "燕", "明", "峰", "芬" };
    enum { NAMES = G_N_ELEMENTS(given) };
    unsigned born = number / SERIALS, day = born % 28 + 1, month = born / 28 % 12 + 1, year = BORN_FROM + born / 28 / 12 % YEARS;
    snprintf(out->name, sizeof out->name, "%s%s%s", families[number % G_N_ELEMENTS(families)], given[number / 7 % NAMES],
             number % 3 ? given[number / 210 % NAMES] : "");
    snprintf(out->id_number, sizeof out->id_number, "330499%04u%02u%02u%03u", year, month, day, number % SERIALS + 1);
    out->id_number[17] = check_character(out->id_number);
    out->id_number[18] = '\0';
    snprintf(out->telephone, sizeof out->telephone, "138%08u", number % 100000000);
}
