set(sources errc.cpp event.cpp)
