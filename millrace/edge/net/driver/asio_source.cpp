// Asio's own code, compiled here once for all who include its headers.
#include <boost/asio/impl/src.hpp>
