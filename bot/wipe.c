// In a process of ours this is free and realloc: what is given back is overwritten first. glibc has no other way to ask for
// it that also reaches the pieces which each thread keeps for itself.

#include <features.h>
#ifdef __GLIBC__

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern void __libc_free(void *);

void free(void *p) {
	if (p != NULL) {
		size_t size = malloc_usable_size(p);
		memset(p, 0, size);
		__asm__ __volatile__("" : : "r"(p) : "memory"); // or the compiler takes the line above out
	}
	__libc_free(p);
}

void *realloc(void *p, size_t size) {
	if (p == NULL)
		return malloc(size);
	if (size == 0) {
		free(p);
		return NULL;
	}
	size_t before = malloc_usable_size(p);
	if (size <= before && size >= before / 2)
		return p;
	void *q = malloc(size);
	if (q == NULL)
		return NULL;
	memcpy(q, p, before < size ? before : size);
	free(p);
	return q;
}

#endif
