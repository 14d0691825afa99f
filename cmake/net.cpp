// The one translation unit that holds the code of Boost.Asio and Boost.Beast (see cmake/libraries.cmake).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
