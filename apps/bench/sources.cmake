set(sources main.cpp commands.cpp options.cpp outcome.cpp)
list(APPEND sources in_process_commands.cpp pools.cpp pool_session.cpp)
list(APPEND sources allocations.cpp storage.cpp
     actor_cost.cpp)
set(shared_sources conductor.cpp accounts.cpp histogram.cpp figure.cpp)
list(APPEND shared_sources summary.cpp pair.cpp pairs.cpp crowd.cpp idle.cpp)
list(APPEND shared_sources fanout.cpp echo.cpp
     http_lane.cpp history.cpp)
set(unity ON)
