// SPDX-License-Identifier: Apache-2.0
/* The sentences that people of the demo city say, and the scans they bring. */
#include "demo/room.h"

#include "view/view.h"

#include <string.h>

enum { PHRASES = 3 };

static const char *const phrases[CASE_ACTIONS][PHRASES] = {
    [PASS] = { "材料齐全，符合要求，建议通过。", "经核对，所附材料与原件一致。", "申请书与所附材料内容一致。" },
    [CORRECT] = { "所附材料不全，请补交下列材料。", "下列材料缺少，补齐后继续办理。", "请补交下列材料，其余材料已收齐。" },
    [ACCEPT] = { "材料齐全，予以受理。", "属于本机关职权，予以受理。", "符合法定形式，予以受理。" },
    [DECLARE_NOT_NEEDED] = { "按现行规定，此事项无需取得许可，可直接开展。", "所申请的内容不属于许可范围，无需办理。", "规模未达到许可标准，无需办理。" },
    [DECLINE] = { "此事项不属于本机关职权。", "所在地不在本机关管辖范围内。", "应由上级主管机关办理。" },
    [RESUME] = { "评审已完成，意见为通过。", "检验结果合格，继续办理。", "专家已出具意见，继续办理。" },
    [EXTEND] = { "案情复杂，需进一步核实。", "需向相关单位核实情况。", "涉及多方权益，需补充调查。" },
    [GRANT] = { "符合规定条件，准予办理。", "经审查符合条件，同意。", "材料属实，条件具备，准予。" },
    [REFUSE] = { "场所不符合规定的间距要求。", "申请人不具备法定资格条件。", "所附材料与申报内容不符。" },
    [WITHDRAW] = { "计划改变，暂不办理。", "选址有变，以后再申请。", "家中有事，申请撤回。" },
    [TERMINATE] = { "申请办理的场所已拆除，终止办理。", "申请办理的场所已毁于火灾，终止办理。", "申请事项的标的已灭失，终止办理。" },
    [RATE] = { "服务很好，少跑了一趟。", "办得快，说得清楚。", "等的时间稍长，态度不错。" },
};

const char *demo_sentence(Demo *self, enum case_action action)
{
    return phrases[action][0] ? phrases[action][demo_draw(self, PHRASES)] : "";
}

/* ---- scans ---- */

/* A page that says what it stands for; the same material has the same bytes, kept once. */
static GBytes *draw_scan(const char *material, GError **error)
{
    g_autoptr(json_t) page = json_pack("{s:s, s:s, s:[s,s], s:s, s:s}", "title", material, "number", "示例 SAMPLE", "lines",
                                       "这是演示材料，不是真实文件。", "A sample of the demo city, not a real paper.", "organ",
                                       "平湖演示", "day", "");
    return view_pdf(page, error);
}

static Upload *make_scan(const Demo *self, const char *material, GError **error)
{
    g_autoptr(GBytes) bytes = draw_scan(material, error);
    if (!bytes)
        return NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    g_autofree char *path = g_build_filename(files_incoming(self->context.files), hash, NULL);
    if (!g_file_set_contents(path, data, (gssize)size, error))
        return NULL;
    Upload *scan = g_new0(Upload, 1);
    *scan = (Upload){ .field = "papers", .size = (int64_t)size, .path = g_steal_pointer(&path) };
    scan->name = g_strdup_printf("%s.pdf", material);
    memcpy(scan->sha256, hash, sizeof scan->sha256);
    memcpy(scan->head, data, MIN(size, sizeof scan->head));
    return scan;
}

const Upload *demo_scan(Demo *self, const char *material, GError **error)
{
    const Upload *known = g_hash_table_lookup(self->scans, material);
    if (known)
        return known;
    Upload *made = make_scan(self, material, error);
    if (made)
        g_hash_table_insert(self->scans, g_strdup(material), made);
    return made;
}

void demo_scan_free(void *scan)
{
    Upload *self = scan;
    g_free((char *)(uintptr_t)self->name);
    g_free((char *)(uintptr_t)self->path);
    g_free(self);
}
