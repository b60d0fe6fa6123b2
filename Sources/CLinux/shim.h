/* What Linux has and the C library's headers show only with _GNU_SOURCE, which Swift's own module does not set. */
#ifndef EXPIREIMAGE_CLINUX_H
#define EXPIREIMAGE_CLINUX_H

#include <linux/stat.h>
#include <stddef.h>
#include <sys/types.h>

#ifndef O_NOATIME
#define O_NOATIME 01000000
#endif
#ifndef SEEK_DATA
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif

int statx(int directory, const char *path, int flags, unsigned int mask, struct statx *result);
ssize_t getdents64(int directory, void *buffer, size_t length);
int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags);

#endif
