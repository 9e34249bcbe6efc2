/* What an NDK's crtbegin_so.o gives a library: a handle of its own, and the end of it. */

extern void __cxa_finalize(void *handle);

__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;

static void on_unload(void) { __cxa_finalize(&__dso_handle); }

__attribute__((section(".fini_array"), used)) static void (*const at_end)(void) = on_unload;

/* The oldest Android that it is for, where the loader and tools look for it. */
__attribute__((section(".note.android.ident"), used, aligned(4))) static const struct {
    int name_length, content_length, type;
    char name[8];
    int api;
} note = {8, 4, 1, "Android", 26};

/* libunwind is compiled with musl's headers, which know `errno` by another name than bionic. */
extern int *__errno(void);
__attribute__((visibility("hidden"))) int *__errno_location(void) { return __errno(); }
