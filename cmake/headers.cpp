// Gives the precompiled headers a translation unit to live in; see cmake/room.cmake.
