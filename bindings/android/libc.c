/* What bionic has and glibc has not, or not so: with it, a computer with Linux runs the library for Android on x86-64. */

#include <stddef.h>

extern int *__errno_location(void);
int *__errno(void) { return __errno_location(); }

/* Nothing is known of the phone. */
int __system_property_get(const char *name, char *value) {
    (void)name;
    *value = '\0';
    return 0;
}

/* glibc's own returns the text. */
extern int __xpg_strerror_r(int number, char *text, size_t length);
int strerror_r(int number, char *text, size_t length) { return __xpg_strerror_r(number, text, length); }
