/* Runs a fuzz target over files, and over the files of directories, given as arguments: how corpora are replayed where
 * there is no libFuzzer. Prints how many there were; a target that fails aborts. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static long replayed;

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t n = 0, room = 0, got;
    if (!file) return perror(path), 1;
    do {
        if (n == room) {
            room = room ? room * 2 : 4096;
            uint8_t *more = (uint8_t *)realloc(bytes, room);
            if (!more) {
                free(bytes);
                fclose(file);
                return fputs("replay: no memory\n", stderr), 1;
            }
            bytes = more;
        }
        got = fread(bytes + n, 1, room - n, file);
        n += got;
    } while (got > 0);
    fclose(file);
    /* the target sees a block of exactly this size, so that sanitizers notice a step behind it */
    uint8_t *exact = (uint8_t *)malloc(n ? n : 1);
    if (exact) {
        if (n) memcpy(exact, bytes, n);
        (void)LLVMFuzzerTestOneInput(exact, n);
        replayed++;
    }
    free(exact);
    free(bytes);
    return exact ? 0 : 1;
}

static int replay_path(const char *path, int depth) {
    struct stat info;
    int failed = 0;
    if (stat(path, &info) != 0) return perror(path), 1;
    if (!S_ISDIR(info.st_mode)) return replay_file(path);
    DIR *dir = depth < 8 ? opendir(path) : NULL;
    if (!dir) return perror(path), 1;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char inner[4096];
        if (entry->d_name[0] == '.') continue;
        if ((size_t)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < sizeof inner)
            failed |= replay_path(inner, depth + 1);
    }
    closedir(dir);
    return failed;
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 1; i < argc; i++) failed |= replay_path(argv[i], 0);
    printf("%ld files replayed\n", replayed);
    return failed;
}
