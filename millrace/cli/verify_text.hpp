// What `millrace data verify` found, as a table for people or a part of a JSON document.
#pragma once

#include <iosfwd>

#include "millrace/app/data/verify_job.hpp"
#include "millrace/base/json_writer.hpp"

namespace millrace::cli {

void print_verified(std::ostream& out, const data::Verified& verified);
void write_verified(JsonWriter& document, const data::Verified& verified);

}  // namespace millrace::cli
