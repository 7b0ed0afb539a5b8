# Sockets, TLS and secrets for millrace/edge/net. Boost gives headers only (Asio, Beast's parser); libsodium has no
# CMake file of its own.
find_package(Boost 1.74 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_library(MILLRACE_SODIUM sodium REQUIRED)

add_library(millrace_crypto INTERFACE)
target_link_libraries(millrace_crypto INTERFACE OpenSSL::Crypto ${MILLRACE_SODIUM})
add_library(millrace_tls INTERFACE)
target_link_libraries(millrace_tls INTERFACE OpenSSL::SSL OpenSSL::Crypto)
