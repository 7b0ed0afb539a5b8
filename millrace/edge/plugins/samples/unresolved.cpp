// A library that calls what the program does not have, as one compiled for a later version would.
extern "C" int millrace_of_the_future();
extern "C" __attribute__((visibility("default"))) int unresolved_answer();

extern "C" int unresolved_answer() {
    return millrace_of_the_future();
}
