set(sources ../../support/sim_disk.cpp ../../support/sim_vfs.cpp applier_test.cpp apply_test.cpp cut_scheduler_test.cpp
            dedupe_ring_test.cpp disk_room_test.cpp store_format_test.cpp)
list(APPEND sources log_store_test.cpp log_writer_test.cpp reader_test.cpp
                    schema_test.cpp start_check_test.cpp store_conflict_cut_test.cpp
                    store_corrupt_test.cpp store_lock_test.cpp
                    tail_runs_test.cpp work_test.cpp)
