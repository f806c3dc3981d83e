set(sources main.cpp send_command.cpp listen_command.cpp)
set(shared_sources im_connection.cpp stream.cpp words.cpp payload.cpp)

set(unity ON)
