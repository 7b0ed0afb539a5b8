// `millrace doctor`: prints what app/doctor found.
#include <algorithm>
#include <ostream>

#include "millrace/app/doctor.hpp"
#include "millrace/cli/commands.hpp"
#include "millrace/cli/invocation.hpp"

namespace millrace::cli {
namespace {

using app::Finding;
using app::FindingStatus;

void print_json(Invocation& invocation, const std::vector<Finding>& findings) {
    FindingStatus worst = FindingStatus::ok;
    for (const Finding& finding : findings)
        worst = std::max(worst, finding.status);
    JsonWriter document = Invocation::document();
    document.member("status", app::name_of(worst)).key("findings").begin_array();
    for (const Finding& finding : findings)
        document.begin_object()
            .member("check", finding.check)
            .member("status", app::name_of(finding.status))
            .member("what", finding.what)
            .member("mend", finding.mend)
            .end_object();
    document.end_array().end_object();
    invocation.print(document);
}

std::string painted(const Paint& paint, FindingStatus status) {
    const std::string_view name = app::name_of(status);
    const std::string word = std::string(name) + std::string(4 - name.size(), ' ');
    switch (status) {
        case FindingStatus::ok: return paint.good(word);
        case FindingStatus::warn: return paint.warning(word);
        case FindingStatus::fail: return paint.bad(word);
    }
    return word;
}

// "data_directory" is for programs, "data directory" for people.
std::string in_words(std::string check) {
    std::ranges::replace(check, '_', ' ');
    return check;
}

// Lines behind the first stand under it.
std::string indented(std::string_view text, std::size_t indent) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '\n') out.append(indent, ' ');
    }
    return out;
}

void print_text(Invocation& invocation, const std::vector<Finding>& findings) {
    constexpr std::size_t kStatusWidth = 6;
    std::size_t width = 0;
    for (const Finding& finding : findings)
        width = std::max(width, finding.check.size());
    const std::size_t indent = kStatusWidth + width + 2;
    std::ostream& out = invocation.out();
    for (const Finding& finding : findings) {
        out << painted(invocation.paint(), finding.status) << "  " << in_words(finding.check)
            << std::string(width - finding.check.size() + 2, ' ') << indented(finding.what, indent)
            << '\n';
        if (!finding.mend.empty())
            out << std::string(indent, ' ') << "mend: " << indented(finding.mend, indent) << '\n';
    }
}

int doctor(Invocation& invocation) {
    const auto findings = app::examine(app::version(), invocation.configuration());
    if (invocation.json())
        print_json(invocation, findings);
    else
        print_text(invocation, findings);
    return app::exit_code_of(findings);
}

}  // namespace

void add_doctor_commands(Table& table) {
    table.add(
        Command{.path = "doctor",
                .section = "Get started",
                .summary = "Check the installation, the settings and this machine",
                .description = "Checks the program, the processor, the settings and their secrets, "
                               "the data directory and "
                               "its disk, limits, clock and time zones. Each finding that is not "
                               "well names what mends it. "
                               "Warnings leave the exit code 0. It writes nothing that stays.",
                .examples = {{"millrace doctor", "After installing, and whenever something is odd"},
                             {"millrace doctor --json", "For programs and monitors"}},
                .run = doctor});
}

}  // namespace millrace::cli
