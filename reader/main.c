// SPDX-License-Identifier: Apache-2.0
#include "reader/reader.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum paper_finding read_paper(const char *type, int page)
{
    struct stat about;
    if (fstat(STDIN_FILENO, &about) != 0 || about.st_size == 0)
        return PAPER_EMPTY;
    void *bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (bytes == MAP_FAILED)
        return PAPER_TOO_HEAVY;
    return reading_answer(&(Reading){ .bytes = bytes, .length = (size_t)about.st_size, .page = page }, type, stdout);
}

int main(int argc, char **argv)
{
    enum { JUDGING_SECONDS = 15, DRAWING_SECONDS = 3 /* each look at the page takes them anew */ };
    if (argc != 3 || !sandbox_enter(atoi(argv[2]) > 0 ? DRAWING_SECONDS : JUDGING_SECONDS))
        return PAPER_UNREAD;
    return (int)read_paper(argv[1], atoi(argv[2]));
}
