set(sources main.cpp)
set(shared_sources node.cpp doors.cpp replica_rooms.cpp proposer.cpp banner.cpp
            manager_token.cpp sweeper.cpp)
