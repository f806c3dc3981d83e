set(sources)
# What both halves say, then the log half.
list(APPEND sources copy_manifest.cpp data_folder.cpp disk_room.cpp log_store.cpp log_writer.cpp log_writer_care.cpp reader.cpp
                    reader_shell.cpp row_writer.cpp schema.cpp sqlite.cpp
                    plain_file.cpp restore.cpp start_check.cpp start_rows.cpp store_start.cpp tail_runs.cpp tail_scan.cpp
                    work.cpp)
# The state half.
list(APPEND sources applier.cpp applier_reads.cpp apply.cpp
                    apply_records.cpp block.cpp
                    channel_cache.cpp cut_scheduler.cpp dedupe_ring.cpp head.cpp
                    journal.cpp member_overlay.cpp memory_tables.cpp)
list(APPEND sources replica_cut.cpp replica_fold.cpp replica_load.cpp
                    replica_store.cpp state_store.cpp state_tables.cpp)
