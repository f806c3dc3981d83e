set(sources node_process.cpp raw_client_test.cpp bench_test.cpp
            service_notice_test.cpp)
