// A library, but none of strategies.
extern "C" __attribute__((visibility("default"))) int silent_answer();

extern "C" int silent_answer() {
    return 42;
}
