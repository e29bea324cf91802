// SPDX-License-Identifier: Apache-2.0
/* A deputy of somebody on leave (请假代理) says so with every act that only that person's post allows. */
#include "subject/private.h"

/* Would the rule let the actor act by his own posts and those of `absent`? */
static bool lets_with(const SubjectTurn *turn, int64_t absent)
{
    const Actor *actor = turn->context->actor;
    g_autofree Post *posts = g_new(Post, actor->post_count);
    Actor other = *actor;
    Context context = *turn->context;
    SubjectTurn as_other = *turn;
    other.posts = posts;
    other.post_count = 0;
    context.actor = &other;
    as_other.context = &context;
    for (size_t i = 0; i < actor->post_count; i++)
        if (!actor->posts[i].for_staff || actor->posts[i].for_staff == absent)
            posts[other.post_count++] = actor->posts[i];
    return subject_lets(&as_other);
}

int64_t subject_absent(const SubjectTurn *turn)
{
    const Actor *actor = turn->context->actor;
    size_t i = 0;
    while (i < actor->post_count && !actor->posts[i].for_staff)
        i++;
    if (i == actor->post_count || lets_with(turn, 0))
        return 0;
    while (i < actor->post_count && !(actor->posts[i].for_staff && lets_with(turn, actor->posts[i].for_staff)))
        i++;
    return i < actor->post_count ? actor->posts[i].for_staff : 0;
}
