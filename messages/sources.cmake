set(sources errc.cpp event.cpp metrics.cpp)
