# Sources of the store once more, with their faults (messages/mutant.hpp), and
# the campaigns that must find them.
set(sources
    ../../storage/apply.cpp
    ../../storage/log_store.cpp
    ../../storage/replica_cut.cpp
    ../../storage/replica_fold.cpp
    ../../storage/store_start.cpp
    ../contract/fault_campaign.cpp
    ../contract/group_store.cpp
    ../contract/power_campaign.cpp
    ../contract/same_state.cpp
    ../support/sim_disk.cpp
    ../support/sim_vfs.cpp
    mutants_test.cpp)
