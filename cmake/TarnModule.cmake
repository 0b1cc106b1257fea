# tarn_module(<name> DEPENDS <modules…> EXTERNAL <libraries…> [PCH <header> PCH_FOLDER <folder>])
#
# Declares src/<name> as one module: a static library tarn_<name> of every .cc below the folder, and a
# test binary <name>_test of every *_test.cc. A module sees only its own include root and those of
# the modules it DEPENDS on: the root holds nothing but a symlink to the module's folder, so an
# undeclared include does not compile. EXTERNAL libraries are private to the module.
# The DEPENDS lines are the module graph; tools/check_layers.py reads them.

function(tarn_include_root name out)
  set(root "${CMAKE_BINARY_DIR}/incroots/${name}")
  if(NOT EXISTS "${root}/${name}")
    file(MAKE_DIRECTORY "${root}")
    file(CREATE_LINK "${CMAKE_SOURCE_DIR}/src/${name}" "${root}/${name}" SYMBOLIC)
  endif()
  set(${out} "${root}" PARENT_SCOPE)
endfunction()

function(tarn_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter
    -Wno-missing-field-initializers)
  if(TARN_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

function(tarn_module name)
  cmake_parse_arguments(ARG "" "PCH;PCH_FOLDER" "DEPENDS;EXTERNAL" ${ARGN})
  set(folder "${CMAKE_SOURCE_DIR}/src/${name}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cc")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")

  tarn_include_root(${name} root)
  add_library(tarn_${name} STATIC ${sources})
  target_include_directories(tarn_${name} PUBLIC "${root}")
  foreach(dep IN LISTS ARG_DEPENDS)
    target_link_libraries(tarn_${name} PUBLIC tarn_${dep})
  endforeach()
  foreach(ext IN LISTS ARG_EXTERNAL)
    target_link_libraries(tarn_${name} PRIVATE tarn_ext::${ext})
  endforeach()
  target_link_libraries(tarn_${name} PRIVATE tarn_ext::fmt PUBLIC tarn_ext::threads)
  tarn_compile_options(tarn_${name})
  # A heavy third-party header is precompiled for the one folder that may see it.
  if(ARG_PCH)
    target_precompile_headers(tarn_${name} PRIVATE "${folder}/${ARG_PCH}")
    foreach(source IN LISTS sources)
      if(NOT source MATCHES "^${folder}/${ARG_PCH_FOLDER}/")
        set_source_files_properties("${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
      endif()
    endforeach()
  endif()

  if(TARN_BUILD_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE tarn_${name} tarn_ext::fmt GTest::gmock
      GTest::gtest GTest::gtest_main)
    foreach(ext IN LISTS ARG_EXTERNAL)
      target_link_libraries(${name}_test PRIVATE tarn_ext::${ext})
    endforeach()
    tarn_compile_options(${name}_test)
    target_compile_definitions(${name}_test PRIVATE
      TARN_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TARN_BINARY_DIR="${CMAKE_BINARY_DIR}")
    add_test(NAME ${name}_test COMMAND ${name}_test)
    set_tests_properties(${name}_test PROPERTIES TIMEOUT 600)
  endif()
endfunction()
