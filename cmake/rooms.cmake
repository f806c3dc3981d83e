# One static library per room, one unit-test program per room. A room lists its
# sources in its own sources.cmake (`set(sources a.cpp sub/b.cpp)`); what it may
# link stands in the root CMakeLists.txt, so that the table is read in one place.

function(jindou_room name)
  cmake_parse_arguments(ROOM "" "" "MAY_USE;PRECOMPILE" ${ARGN})
  if(NOT EXISTS "${PROJECT_SOURCE_DIR}/${name}/sources.cmake")
    return()
  endif()
  include("${PROJECT_SOURCE_DIR}/${name}/sources.cmake")
  list(TRANSFORM sources PREPEND "${PROJECT_SOURCE_DIR}/${name}/")
  add_library(jindou_${name} STATIC ${sources})
  target_include_directories(jindou_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(jindou_${name} PUBLIC jindou_flags ${ROOM_MAY_USE})
  if(ROOM_PRECOMPILE)
    target_precompile_headers(jindou_${name} PRIVATE ${ROOM_PRECOMPILE})
  endif()
endfunction()

# A program of the roof: apps/<folder>/sources.cmake, lands in bin/. What its
# tests and other programs use too (`set(shared_sources ...)`) becomes the
# library jindou_app_<folder>. `set(unity ON)` compiles many sources as one, for
# those that include little but Asio.
function(jindou_program name folder)
  cmake_parse_arguments(APP "" "" "MAY_USE" ${ARGN})
  if(NOT EXISTS "${PROJECT_SOURCE_DIR}/apps/${folder}/sources.cmake")
    return()
  endif()
  include("${PROJECT_SOURCE_DIR}/apps/${folder}/sources.cmake")
  list(TRANSFORM sources PREPEND "${PROJECT_SOURCE_DIR}/apps/${folder}/")
  if(shared_sources)
    list(TRANSFORM shared_sources PREPEND
                   "${PROJECT_SOURCE_DIR}/apps/${folder}/")
    add_library(jindou_app_${folder} STATIC ${shared_sources})
    target_link_libraries(jindou_app_${folder} PUBLIC jindou_flags
                                                      ${APP_MAY_USE})
    set_target_properties(jindou_app_${folder} PROPERTIES UNITY_BUILD "${unity}")
    list(PREPEND APP_MAY_USE jindou_app_${folder})
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE jindou_flags ${APP_MAY_USE})
  set_target_properties(
    ${name} PROPERTIES UNITY_BUILD "${unity}" RUNTIME_OUTPUT_DIRECTORY
                                              "${CMAKE_BINARY_DIR}/bin")
  if(JINDOU_JEMALLOC)
    target_link_libraries(
      ${name} PRIVATE -Wl,--push-state,--no-as-needed ${JINDOU_JEMALLOC}
                      -Wl,--pop-state)
  endif()
endfunction()

# A program again, for tests only: AGAIN lists sources of rooms that are compiled
# once more with JINDOU_MUTANTS (messages/mutant.hpp). They stand before the
# libraries, so that the linker takes nothing of theirs from there.
function(jindou_mutant name program)
  cmake_parse_arguments(MUTANT "" "" "AGAIN" ${ARGN})
  if(NOT TARGET ${program})
    return()
  endif()
  list(TRANSFORM MUTANT_AGAIN PREPEND "${PROJECT_SOURCE_DIR}/")
  add_executable(${name} ${MUTANT_AGAIN} $<TARGET_OBJECTS:${program}>)
  get_target_property(libraries ${program} LINK_LIBRARIES)
  target_link_libraries(${name} PRIVATE ${libraries})
  target_compile_definitions(${name} PRIVATE JINDOU_MUTANTS)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY
                                           "${CMAKE_BINARY_DIR}/tests")
endfunction()

# tests/<folder>/sources.cmake becomes the program test_<name> and one ctest.
function(jindou_test name folder)
  cmake_parse_arguments(TEST "" "" "MAY_USE;LABELS" ${ARGN})
  if(NOT EXISTS "${PROJECT_SOURCE_DIR}/tests/${folder}/sources.cmake")
    return()
  endif()
  include("${PROJECT_SOURCE_DIR}/tests/${folder}/sources.cmake")
  list(TRANSFORM sources PREPEND "${PROJECT_SOURCE_DIR}/tests/${folder}/")
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE jindou_flags ${TEST_MAY_USE}
                                             GTest::gtest GTest::gtest_main)
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  # g++ 12 sees overflows in vector::insert that are none, once it optimises.
  target_compile_options(
    test_${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-Wno-array-bounds
                         -Wno-stringop-overflow>)
  target_compile_definitions(
    test_${name} PRIVATE JINDOU_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                         JINDOU_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  set_target_properties(
    test_${name} PROPERTIES UNITY_BUILD "${unity}" RUNTIME_OUTPUT_DIRECTORY
                                                   "${CMAKE_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 600)
endfunction()
