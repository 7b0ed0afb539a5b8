// Every name that any of them has; kept where not all say the same.
#include "millrace/app/runs/comparison.hpp"

#include <algorithm>
#include <map>

namespace millrace::runs {
namespace {

class Rows {
  public:
    explicit Rows(std::size_t runs) : runs_(runs) {}

    void add(std::size_t run, const std::string& name, const std::string& value) {
        auto& values = rows_[name];
        values.resize(runs_);
        auto& cell = values[run];
        cell = cell ? *cell + " " + value : value;
    }
    [[nodiscard]] std::vector<ComparedRow> that_differ() const {
        std::vector<ComparedRow> rows;
        for (const auto& [name, values] : rows_)
            if (std::any_of(values.begin(), values.end(),
                            [&](const auto& value) { return value != values.front(); }))
                rows.push_back({name, values});
        return rows;
    }

  private:
    std::size_t runs_;
    std::map<std::string, std::vector<std::optional<std::string>>> rows_;
};

}  // namespace

Comparison compare(std::span<const KeptRun> runs) {
    Rows code(runs.size());
    Rows config(runs.size());
    Rows inputs(runs.size());
    Comparison comparison;
    comparison.is_same_result = true;
    for (std::size_t at = 0; at < runs.size(); ++at) {
        const KeptRun& run = runs[at];
        code.add(at, "version", run.manifest["millrace"]["version"].text());
        code.add(at, "commit", run.manifest["millrace"]["commit"].text());
        code.add(at, "program", run.manifest["program_sha256"].text().substr(0, 12));
        for (const auto& [name, value] : run.manifest["config"].members())
            config.add(at, name, value.text());
        for (const JsonValue& input : run.manifest["inputs"].items())
            inputs.add(at, input["role"].text(), input["sha256"].text().substr(0, 12));
        if (run.result_hash() != runs.front().result_hash()) comparison.is_same_result = false;
    }
    comparison.code = code.that_differ();
    comparison.config = config.that_differ();
    comparison.inputs = inputs.that_differ();
    return comparison;
}

}  // namespace millrace::runs
