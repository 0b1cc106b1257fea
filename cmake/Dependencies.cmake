# Third-party libraries: Debian packages found by name, and what tools/setup fetched from the
# package registries into TARN_DEPS_DIR. Nothing is downloaded here.
if(DEFINED ENV{TARN_DEPS_DIR})
  set(TARN_DEPS_DIR "$ENV{TARN_DEPS_DIR}")
else()
  set(TARN_DEPS_DIR "$ENV{HOME}/.cache/tarn/deps")
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(Protobuf REQUIRED)

# Every library gets one target tarn_ext::<name>; tarn_module(EXTERNAL …) names the short form.
function(tarn_external name)
  cmake_parse_arguments(ARG "" "" "INCLUDES;LIBS" ${ARGN})
  add_library(tarn_ext_${name} INTERFACE)
  add_library(tarn_ext::${name} ALIAS tarn_ext_${name})
  target_include_directories(tarn_ext_${name} SYSTEM INTERFACE ${ARG_INCLUDES})
  target_link_libraries(tarn_ext_${name} INTERFACE ${ARG_LIBS})
endfunction()

tarn_external(threads LIBS Threads::Threads)
tarn_external(fmt LIBS fmt)
tarn_external(openssl LIBS OpenSSL::SSL OpenSSL::Crypto)
tarn_external(boost LIBS Boost::headers)
tarn_external(simdjson LIBS simdjson)
tarn_external(sqlite LIBS sqlite3)
tarn_external(lz4 LIBS lz4)
tarn_external(zstd LIBS zstd)
tarn_external(flatbuffers LIBS flatbuffers)
tarn_external(roaring LIBS roaring)
tarn_external(re2 LIBS re2)
tarn_external(edit LIBS edit)

# The Thrift interface of SQL clients, generated from what tools/setup derived.
set(TARN_THRIFT_IDL "${TARN_DEPS_DIR}/idl/TCLIService.thrift")
set(TARN_THRIFT_DIR "${CMAKE_BINARY_DIR}/generated/thrift")
file(MAKE_DIRECTORY "${TARN_THRIFT_DIR}")
add_custom_command(
  OUTPUT "${TARN_THRIFT_DIR}/TCLIService.cpp" "${TARN_THRIFT_DIR}/TCLIService_types.cpp"
         "${TARN_THRIFT_DIR}/TCLIService.h" "${TARN_THRIFT_DIR}/TCLIService_types.h"
  COMMAND thrift --gen cpp:no_skeleton,no_ostream_operators,no_default_operators,moveable_types
          -out "${TARN_THRIFT_DIR}" "${TARN_THRIFT_IDL}"
  DEPENDS "${TARN_THRIFT_IDL}" VERBATIM)
add_library(tarn_thrift_interface STATIC EXCLUDE_FROM_ALL
  "${TARN_THRIFT_DIR}/TCLIService.cpp" "${TARN_THRIFT_DIR}/TCLIService_types.cpp")
target_include_directories(tarn_thrift_interface SYSTEM PUBLIC "${TARN_THRIFT_DIR}")
target_link_libraries(tarn_thrift_interface PUBLIC thrift)
tarn_external(thrift LIBS tarn_thrift_interface)
tarn_external(protobuf LIBS protobuf::libprotobuf)

pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++)
# grpc++.pc leaves out a library that it needs.
tarn_external(grpc LIBS PkgConfig::GRPCPP absl_synchronization protobuf::libprotobuf)

# Our own interface between server and nodes.
find_program(TARN_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
set(TARN_NODE_DIR "${CMAKE_BINARY_DIR}/generated/node")
file(MAKE_DIRECTORY "${TARN_NODE_DIR}")
add_custom_command(
  OUTPUT "${TARN_NODE_DIR}/node.pb.cc" "${TARN_NODE_DIR}/node.pb.h"
         "${TARN_NODE_DIR}/node.grpc.pb.cc" "${TARN_NODE_DIR}/node.grpc.pb.h"
  COMMAND protobuf::protoc --proto_path=${CMAKE_SOURCE_DIR}/idl --cpp_out=${TARN_NODE_DIR}
          --grpc_out=${TARN_NODE_DIR} --plugin=protoc-gen-grpc=${TARN_GRPC_PLUGIN}
          "${CMAKE_SOURCE_DIR}/idl/node.proto"
  DEPENDS "${CMAKE_SOURCE_DIR}/idl/node.proto" VERBATIM)
add_library(tarn_node_interface STATIC EXCLUDE_FROM_ALL
  "${TARN_NODE_DIR}/node.pb.cc" "${TARN_NODE_DIR}/node.grpc.pb.cc")
target_include_directories(tarn_node_interface SYSTEM PUBLIC "${TARN_NODE_DIR}")
target_link_libraries(tarn_node_interface PUBLIC PkgConfig::GRPCPP absl_synchronization
  protobuf::libprotobuf)
tarn_external(node_interface LIBS tarn_node_interface)

set(TARN_DUCKDB_DIR "${TARN_DEPS_DIR}/duckdb/1.5.5")
if(EXISTS "${TARN_DUCKDB_DIR}/lib/libduckdb.so")
  add_library(tarn_duckdb_so SHARED IMPORTED)
  set_target_properties(tarn_duckdb_so PROPERTIES
    IMPORTED_LOCATION "${TARN_DUCKDB_DIR}/lib/libduckdb.so" IMPORTED_NO_SONAME OFF)
  tarn_external(duckdb LIBS tarn_duckdb_so INCLUDES
    "${TARN_DUCKDB_DIR}/include"
    "${TARN_DUCKDB_DIR}/extension/parquet/include"
    "${TARN_DUCKDB_DIR}/third_party/parquet"
    "${TARN_DUCKDB_DIR}/third_party/thrift"
    "${TARN_DUCKDB_DIR}/third_party/fastpforlib"
    "${TARN_DUCKDB_DIR}/third_party/mbedtls/include"
    "${TARN_DUCKDB_DIR}/third_party/concurrentqueue")
else()
  message(WARNING "DuckDB is not in ${TARN_DUCKDB_DIR}: run tools/setup/setup.sh first")
endif()

if(TARN_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
