# Debian's CAF ships no CMake package; this finds it and checks the version.
# Offers CAF::core, CAF::io and CAF::openssl.
find_path(CAF_INCLUDE_DIR caf/actor_system.hpp)
foreach(lib core io openssl)
  find_library(CAF_${lib}_LIBRARY caf_${lib})
endforeach()
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)

if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" line
       REGEX "define CAF_VERSION ")
  string(REGEX MATCH "[0-9]+" number "${line}") # 1706 = 0.17.6
  math(EXPR minor "${number} / 100 % 100")
  math(EXPR patch "${number} % 100")
  set(CAF_VERSION "0.${minor}.${patch}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  CAF
  VERSION_VAR CAF_VERSION
  REQUIRED_VARS CAF_INCLUDE_DIR CAF_core_LIBRARY CAF_io_LIBRARY
                CAF_openssl_LIBRARY)

if(CAF_FOUND AND NOT TARGET CAF::core)
  foreach(lib core io openssl)
    add_library(CAF::${lib} SHARED IMPORTED) # imported: headers are SYSTEM
    set_target_properties(
      CAF::${lib} PROPERTIES IMPORTED_LOCATION "${CAF_${lib}_LIBRARY}"
                             INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
  endforeach()
  # An unregistered message type must fail at compile time, not on the wire.
  target_compile_definitions(CAF::core INTERFACE CAF_ENABLE_TYPE_ID_CHECKS)
  target_link_libraries(CAF::core INTERFACE Threads::Threads)
  target_link_libraries(CAF::io INTERFACE CAF::core)
  target_link_libraries(CAF::openssl INTERFACE CAF::io OpenSSL::SSL)
endif()
