#pragma once
/// \file  The flights of New York in 2013, loaded through the server's own APIs.
#include "app/statement_client.h"

namespace tarn::app {

/// Uploads the CSV files of `folder` to a volume and copies them into tables of samples.nycflights,
/// unless they hold rows. `tell` gets what to print while it goes on, nothing when all is there.
Status LoadSampleData(StatementClient& client, const std::string& folder,
                      const std::function<void(const std::string&)>& tell);

}  // namespace tarn::app
