#pragma once
/// \file  The files that a path of read_files or COPY INTO stands for.
#include <string>
#include <vector>

#include "io/object_store.h"

namespace tarn::engine {

/// What to take of a folder.
struct FileChoice {
  bool recursive = true;
  std::string pattern;      ///< of the path below the folder (fnmatch); empty: all
  std::string name_filter;  ///< of the file's name (fnmatch); empty: all
};

/// Absolute paths in byte order: the file at `root`, or those in the folder. Names that begin with
/// '_' or '.' are not data, nor is what lies below folders with such names. Errors: PATH_NOT_FOUND
/// when there is nothing at all at `root`, naming it `shown`; the store's.
Result<std::vector<std::string>> ListFiles(io::ObjectStore& store, const std::string& root,
                                           const FileChoice& choice, const std::string& shown);

}  // namespace tarn::engine
