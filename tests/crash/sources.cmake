set(sources ledger.cpp ledger_test.cpp node_process.cpp back_end.cpp
            im_client.cpp campaign.cpp crash_test.cpp)
