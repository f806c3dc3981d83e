// The one translation unit that holds the non-template parts of Boost.Asio
// and Boost.Beast; everybody else only includes their declarations.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
