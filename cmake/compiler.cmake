# SPDX-License-Identifier: GPL-2.0-or-later
# One place for language level, warnings, sanitizers and ccache.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_RUNTIME_OUTPUT_DIRECTORY)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endif()

find_program(VIADUCT_CCACHE ccache)
if(VIADUCT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${VIADUCT_CCACHE})
endif()

add_library(viaduct_options INTERFACE)
target_include_directories(viaduct_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(viaduct_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overreads inside its own std::string inlining (GCC bug 105651).
  target_compile_options(viaduct_options INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # std::stable_sort of libstdc++ 12 calls its own std::get_temporary_buffer, which it has deprecated.
  target_compile_options(viaduct_options INTERFACE -Wno-deprecated-declarations)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # Else a change elsewhere moves a hot function across a cache line, which costs a tenth of the parser's speed.
  target_compile_options(viaduct_options INTERFACE -falign-functions=64)
endif()
if(VIADUCT_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # With sanitizers g++ 12 takes parts of std::regex for uninitialised (GCC bug 105562).
  target_compile_options(viaduct_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(VIADUCT_SANITIZE)
  target_compile_options(viaduct_options INTERFACE
    -fsanitize=${VIADUCT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(viaduct_options INTERFACE -fsanitize=${VIADUCT_SANITIZE})
endif()
if(VIADUCT_FUZZ)
  target_compile_options(viaduct_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
