set(sources main.cpp node.cpp replica_rooms.cpp proposer.cpp banner.cpp
            manager_token.cpp sweeper.cpp)
