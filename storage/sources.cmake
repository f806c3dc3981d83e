set(sources)
# What both halves say, then the log half.
list(APPEND sources data_folder.cpp log_store.cpp row_writer.cpp schema.cpp
                    sqlite.cpp store_start.cpp tail_runs.cpp tail_scan.cpp
                    work.cpp)
# The state half.
list(APPEND sources apply.cpp block.cpp dedupe_ring.cpp head.cpp journal.cpp
                    memory_tables.cpp)
