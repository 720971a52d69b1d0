# SPDX-License-Identifier: GPL-2.0-or-later
# viaduct_module(sip DEPS base net edit)
# One folder under src/ is one library; *_test.cpp beside the sources become <module>_test.
find_package(GTest QUIET)
find_package(rapidcheck QUIET)
include(GoogleTest)

function(viaduct_module name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp */*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM ARG_DEPS PREPEND viaduct_)
  if(sources)
    add_library(viaduct_${name} STATIC ${sources})
    target_link_libraries(viaduct_${name} PUBLIC viaduct_options ${ARG_DEPS} ${ARG_LIBS})
    # The typed readers are small functions that other modules call: inlining them across modules is worth a tenth of
    # the time to read a message (bench/parse.sh).
    if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      set_target_properties(viaduct_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
      # Else a change elsewhere moves a hot function across a cache line, and costs another tenth.
      target_compile_options(viaduct_${name} PRIVATE -falign-functions=64)
    endif()
  else()
    add_library(viaduct_${name} INTERFACE)
    target_link_libraries(viaduct_${name} INTERFACE viaduct_options ${ARG_DEPS} ${ARG_LIBS})
  endif()
  if(tests AND VIADUCT_TESTS)
    viaduct_test(${name}_test SOURCES ${tests} LIBS viaduct_${name} LABELS unit)
  endif()
endfunction()

# viaduct_test(NAME SOURCES ... LIBS ... LABELS unit): one GoogleTest binary, its cases in ctest.
function(viaduct_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} viaduct_options GTest::gmock GTest::gtest_main rapidcheck)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE VIADUCT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${ARG_LABELS}")
endfunction()
