set(sources main.cpp config_check.cpp errands.cpp http_request.cpp service_notice.cpp)
set(shared_sources node.cpp backup_room.cpp doors.cpp replica_rooms.cpp proposer.cpp banner.cpp
            manager_token.cpp open_files.cpp pulse.cpp reload.cpp store_fault.cpp sweeper.cpp told_address.cpp)
