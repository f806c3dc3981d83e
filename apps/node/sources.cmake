set(sources main.cpp service_notice.cpp)
set(shared_sources node.cpp doors.cpp replica_rooms.cpp proposer.cpp banner.cpp
            manager_token.cpp pulse.cpp sweeper.cpp)
