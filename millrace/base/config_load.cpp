// Loader: goes through the layers from the weakest to the strongest and lets each overwrite the one
// below. It never stops at the first error, and never puts a value into one.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <set>
#include <utility>

#include "millrace/base/config.hpp"
#include "millrace/base/config_file.hpp"
#include "millrace/base/dotenv.hpp"
#include "millrace/base/json_writer.hpp"
#include "millrace/base/nearest.hpp"
#include "millrace/base/small_file.hpp"

namespace millrace::config {
namespace {

// A setting of the .env file or the environment.
struct Variable {
    std::string name;
    std::string value;
    std::string origin;  // ".env:4", "environment LOG_LEVEL"
};
using Variables = std::map<std::string, Variable, std::less<>>;

constexpr std::string_view kFlag = "flag --set";

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// A name that came from outside, short and without control characters.
std::string shown_name(std::string_view name) {
    constexpr std::size_t kLengthMax = 80;
    std::string out;
    append_json_escaped(out, name.substr(0, kLengthMax));
    if (name.size() > kLengthMax) out += "…";
    return out;
}

// The path as one name; parts that need quotes in TOML carry them, and so match no key.
std::string joined(const std::vector<std::string>& path, std::size_t from, std::size_t to) {
    std::string name;
    for (std::size_t i = from; i < to; ++i) {
        if (i > from) name += '.';
        name += is_bare_word(path[i]) ? path[i] : "'" + shown_name(path[i]) + "'";
    }
    return name;
}

std::string table_words(std::string_view table) {
    return table.empty() ? "the top of the file" : fmt::format("[{}]", table);
}

Error flag_error(std::string what, std::string why, std::string mend) {
    return {ErrorCode::config, std::move(what), std::string(kFlag), std::move(why),
            std::move(mend)};
}

}  // namespace

class Loader {
  public:
    Loader(const Schema& schema, const Sources& sources)
        : schema_(schema), sources_(sources), config_(schema) {}

    tl::expected<Config, Errors> run() {
        for (const Key& key : schema_.keys()) {
            if (!key.is_open())
                config_.settings_[key.name] = {
                    parse_value(key, key.default_value, Source::file).value(), "default"};
        }
        read_dotenv();
        for (const auto& [name, value] : sources_.environment)
            environment_[name] = {name, value, "environment " + name};
        read_file();
        apply_variables(dotenv_);
        apply_variables(environment_);
        for (const std::string& override : sources_.overrides)
            apply_override(override);
        capture_secrets();
        if (errors_.empty()) return std::move(config_);
        return tl::unexpected<Errors>(told());
    }

  private:
    void read_dotenv();
    void read_file();
    [[nodiscard]] std::unique_ptr<SourceText> read_source();
    void apply_nodes(const SourceText& source, const std::vector<Node>& nodes);
    void apply_node(const SourceText& source, const Node& node, std::size_t from, bool in_force,
                    const std::string& layer);
    void apply_profile_node(const SourceText& source, const Node& node);
    void refuse(const SourceText& source, Position position, Error error);
    void refuse_unknown(const SourceText& source, const Node& node, const std::string& name);
    void refuse_type(const SourceText& source, const Node& node, const Key& key,
                     const std::string& name);
    void choose_profile(const std::vector<Node>& nodes, const std::string& file_name);
    void apply_variables(const Variables& variables);
    void apply_variable(const Key& key, const std::string& name, const Variable& variable,
                        std::string_view unit);
    void refuse_variable(const Variable& variable);
    void apply_override(const std::string& override);
    void capture_secrets();
    [[nodiscard]] const Variable* variable(std::string_view name) const;
    [[nodiscard]] Errors told();

    const Schema& schema_;
    const Sources& sources_;
    Config config_;
    Errors errors_;
    Variables dotenv_;
    Variables environment_;
};

void Loader::read_dotenv() {
    auto read = read_small_file(sources_.dotenv, kDotenvBytesMax);
    if (!read) {
        errors_.push_back(std::move(read.error()));
        return;
    }
    if (!*read) return;
    const std::string file = sources_.dotenv.string();
    auto entries = parse_dotenv((*read)->text, file);
    if (!entries) {
        errors_.push_back(std::move(entries.error()));
        return;
    }
    for (DotenvEntry& entry : *entries) {
        std::string origin = fmt::format("{}:{}", file, entry.line);
        dotenv_[entry.name] = {entry.name, std::move(entry.value), std::move(origin)};
    }
    if (auto checked = check_private(**read, sources_.dotenv); !checked)
        config_.dotenv_exposed_ = std::move(checked.error());
}

const Variable* Loader::variable(std::string_view name) const {
    for (const Variables* layer : {&environment_, &dotenv_}) {
        const auto found = layer->find(name);
        if (found != layer->end() && !found->second.value.empty()) return &found->second;
    }
    return nullptr;
}

std::unique_ptr<SourceText> Loader::read_source() {
    std::filesystem::path path = sources_.default_file;
    std::string asked_by;
    if (sources_.file) {
        path = *sources_.file;
        asked_by = "it was asked for by name";
    } else if (const Variable* named = variable(kFileVariable)) {
        path = named->value;
        asked_by = fmt::format("it was asked for by {}", named->origin);
    }
    auto read = read_small_file(path, kFileBytesMax);
    if (!read) {
        errors_.push_back(std::move(read.error()));
        return nullptr;
    }
    if (*read) return std::make_unique<SourceText>(path.string(), std::move((*read)->text));
    if (!asked_by.empty())
        errors_.push_back({ErrorCode::config, "the configuration file does not exist",
                           path.string(), asked_by, "create it, or name another one"});
    return nullptr;
}

void Loader::read_file() {
    const std::size_t errors_before = errors_.size();
    const auto source = read_source();
    std::vector<Node> nodes;
    if (source) {
        auto parsed = parse_file(*source);
        if (parsed)
            nodes = std::move(*parsed);
        else
            errors_.push_back(std::move(parsed.error()));
    }
    // Without its text nobody knows which profiles a file has.
    if (errors_.size() == errors_before)
        choose_profile(nodes, source ? source->name() : std::string());
    if (source) apply_nodes(*source, nodes);
}

void Loader::choose_profile(const std::vector<Node>& nodes, const std::string& file_name) {
    std::string origin = "flag --profile";
    config_.profile_ = sources_.profile;
    if (config_.profile_.empty()) {
        const Variable* named = variable(kProfileVariable);
        if (named == nullptr) return;
        config_.profile_ = named->value;
        origin = named->origin;
    }
    std::vector<std::string> known;
    for (const Node& node : nodes) {
        const bool is_profile = node.path.size() == 2 && node.path[0] == kProfileTable;
        if (is_profile && node.type == NodeType::table) known.push_back(node.path[1]);
    }
    if (std::ranges::find(known, config_.profile_) != known.end()) return;
    std::string why = "there is no configuration file";
    if (!file_name.empty()) why = fmt::format("{} has no profiles", file_name);
    if (!known.empty())
        why = fmt::format("{} has the profiles: {}", file_name, fmt::join(known, ", "));
    const std::string_view meant = nearest(config_.profile_, known);
    errors_.push_back({ErrorCode::config,
                       fmt::format("unknown profile \"{}\"", shown_name(config_.profile_)), origin,
                       why,
                       meant.empty() ? "choose one of them, or add a table [profile.NAME]"
                                     : fmt::format("did you mean \"{}\"?", meant)});
}

void Loader::apply_nodes(const SourceText& source, const std::vector<Node>& nodes) {
    for (const Node& node : nodes) {
        if (node.path[0] != kProfileTable) apply_node(source, node, 0, true, "");
    }
    for (const Node& node : nodes) {
        if (node.path[0] == kProfileTable) apply_profile_node(source, node);
    }
}

void Loader::apply_profile_node(const SourceText& source, const Node& node) {
    if (node.path.size() > 2) {
        const std::string& profile = node.path[1];
        apply_node(source, node, 2, profile == config_.profile_,
                   fmt::format("profile {}, ", profile));
    } else if (node.type != NodeType::table) {
        refuse(source, node.key,
               {ErrorCode::config,
                fmt::format("\"{}\" must be a table", joined(node.path, 0, node.path.size())),
                {},
                "profiles are tables of settings",
                "write [profile.NAME] and the settings below it"});
    }
}

void Loader::refuse(const SourceText& source, Position position, Error error) {
    error.where = source.where(position);
    error.why += '\n' + source.excerpt(position);
    errors_.push_back(std::move(error));
}

void Loader::apply_node(const SourceText& source, const Node& node, std::size_t from, bool in_force,
                        const std::string& layer) {
    const std::string name = joined(node.path, from, node.path.size());
    const std::string table = joined(node.path, from, node.path.size() - 1);
    if (!table.empty() && !schema_.is_table(table)) return;  // the table itself was refused
    const Key* key = schema_.find(name);
    if (key == nullptr && schema_.is_table(name)) {
        if (node.type == NodeType::table) return;
        refuse(source, node.key,
               {ErrorCode::config,
                fmt::format("\"{}\" is a table, not a value", name),
                {},
                fmt::format("its keys are: {}", fmt::join(schema_.members_of(name), ", ")),
                fmt::format("write [{}] and the keys below it", name)});
        return;
    }
    if (key == nullptr) return refuse_unknown(source, node, name);

    const bool is_number = node.type == NodeType::integer || node.type == NodeType::real;
    bool fits = node.type == NodeType::text;
    if (key->kind == Kind::boolean) fits = node.type == NodeType::boolean;
    if (key->kind == Kind::integer) fits = node.type == NodeType::integer;
    if (key->kind == Kind::decimal) fits = fits || is_number;
    if (!fits) return refuse_type(source, node, *key, name);
    Key named = *key;
    named.name = name;
    auto value = parse_value(named, node.text, Source::file);
    if (!value) return refuse(source, node.value, std::move(value.error()));
    if (in_force) config_.settings_[name] = {std::move(*value), layer + source.where(node.value)};
}

void Loader::refuse_unknown(const SourceText& source, const Node& node, const std::string& name) {
    const std::string_view full = name;
    const std::string_view table =
        full.find('.') == std::string_view::npos ? "" : full.substr(0, full.rfind('.'));
    const std::string meant = schema_.nearest_to(name);
    std::vector<std::string> members = schema_.members_of(table);
    std::string why = fmt::format("{} has: {}", table_words(table), fmt::join(members, ", "));
    if (std::ranges::find(members, "*") != members.end())
        why = fmt::format("names in {} are letters, digits, '_' and '-'", table_words(table));
    refuse(source, node.key,
           {ErrorCode::config,
            fmt::format("unknown {} \"{}\"", node.type == NodeType::table ? "table" : "key", name),
            {},
            std::move(why),
            meant.empty() ? "remove it; `millrace config schema` lists every key"
                          : fmt::format("did you mean \"{}\"?", meant)});
}

void Loader::refuse_type(const SourceText& source, const Node& node, const Key& key,
                         const std::string& name) {
    std::string mend = fmt::format("write {}", allowed_values(key));
    const bool is_number = node.type == NodeType::integer || node.type == NodeType::real;
    const bool needs_number = key.kind == Kind::integer || key.kind == Kind::boolean;
    if (is_number && (key.kind == Kind::duration || key.kind == Kind::size))
        mend = "write the number with its unit, in quotes";
    else if (node.type == NodeType::text && needs_number)
        mend = "leave out the quotes";
    else if (node.type == NodeType::list)
        mend = "write one value, without brackets";
    refuse(source, node.type == NodeType::table ? node.key : node.value,
           {ErrorCode::config,
            fmt::format("\"{}\" cannot be {}", name, described(node.type)),
            {},
            fmt::format("it takes {}", allowed_values(key)),
            std::move(mend)});
}

void Loader::apply_variables(const Variables& variables) {
    std::set<std::string, std::less<>> known = {std::string(kFileVariable),
                                                std::string(kProfileVariable)};
    for (const Key& key : schema_.keys()) {
        if (key.is_open()) continue;
        const Alias own(variable_of(key.name).c_str());
        std::vector<Alias> names = {own};
        names.insert(names.end(), key.aliases.begin(), key.aliases.end());
        bool applied = false;
        for (const Alias& alias : names) {
            known.insert(alias.name);
            const auto found = variables.find(alias.name);
            if (applied || found == variables.end()) continue;
            // Other programs leave their variables empty when they mean nothing by them.
            if (found->second.value.empty() && alias.name != own.name) continue;
            apply_variable(key, key.name, found->second, alias.unit);
            applied = true;
        }
    }
    for (const auto& [name, variable] : variables) {
        if (!name.starts_with(kVariablePrefix) || known.contains(name)) continue;
        bool applied = false;
        for (const Key& key : schema_.keys()) {
            if (!key.is_open() || applied) continue;
            const std::string table = key.name.substr(0, key.name.size() - 2);
            const std::string prefix = variable_of(table) + "_";
            if (!name.starts_with(prefix)) continue;
            const std::string member = lower(name.substr(prefix.size()));
            if (!is_bare_word(member)) continue;
            apply_variable(key, table + "." + member, variable, "");
            applied = true;
        }
        if (!applied) refuse_variable(variable);
    }
}

void Loader::apply_variable(const Key& key, const std::string& name, const Variable& variable,
                            std::string_view unit) {
    std::string text = variable.value;
    const bool is_number =
        !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) text += unit;
    const bool is_reference = text.starts_with("env:") || text.starts_with("file:");
    // A variable may hold the secret itself, as those of the predecessors do.
    if (key.kind == Kind::secret_reference && !text.empty() && !is_reference)
        text = "env:" + variable.name;
    Key named = key;
    named.name = name;
    auto value = parse_value(named, text, Source::variable);
    if (!value) {
        value.error().where = variable.origin;
        value.error().why += fmt::format("; {} sets it", variable.name);
        errors_.push_back(std::move(value.error()));
        return;
    }
    config_.settings_[name] = {std::move(*value), variable.origin};
}

void Loader::refuse_variable(const Variable& variable) {
    std::vector<std::string> known = {std::string(kFileVariable), std::string(kProfileVariable)};
    for (const Key& key : schema_.keys()) {
        if (!key.is_open()) known.push_back(variable_of(key.name));
    }
    const std::string_view meant = nearest(variable.name, known);
    errors_.push_back(
        {ErrorCode::config, fmt::format("unknown variable {}", shown_name(variable.name)),
         variable.origin, fmt::format("no setting belongs to it, and {}* is ours", kVariablePrefix),
         meant.empty() ? "unset it; `millrace config schema` lists every key"
                       : fmt::format("did you mean {}?", meant)});
}

void Loader::apply_override(const std::string& override) {
    const auto equals = override.find('=');
    const std::string name = override.substr(0, equals);
    const Key* key = schema_.find(name);
    if (equals == std::string::npos) {
        // Not shown unless it is a key: it may be the value of one.
        const std::string shown = key == nullptr ? "" : fmt::format(" for \"{}\"", name);
        errors_.push_back(flag_error(fmt::format("--set needs a value{}", shown),
                                     "it takes key=value", "write --set log.level=debug"));
        return;
    }
    if (key == nullptr) {
        const std::string meant = schema_.nearest_to(name);
        errors_.push_back(flag_error(fmt::format("unknown key \"{}\"", shown_name(name)),
                                     "no setting has this name",
                                     meant.empty() ? "`millrace config schema` lists every key"
                                                   : fmt::format("did you mean \"{}\"?", meant)));
        return;
    }
    Key named = *key;
    named.name = name;
    auto value =
        parse_value(named, std::string_view(override).substr(equals + 1), Source::variable);
    if (!value) {
        value.error().where = kFlag;
        errors_.push_back(std::move(value.error()));
        return;
    }
    config_.settings_[name] = {std::move(*value), std::string(kFlag)};
}

void Loader::capture_secrets() {
    for (const auto& [name, setting] : config_.settings_) {
        if (schema_.find(name)->kind != Kind::secret_reference) continue;
        const std::string& reference = std::get<std::string>(setting.value);
        if (!reference.starts_with("env:")) continue;
        const std::string variable_name = reference.substr(4);
        const Variable* found = variable(variable_name);
        if (found == nullptr) continue;
        const bool from_dotenv = !environment_.contains(variable_name) ||
                                 environment_.find(variable_name)->second.value.empty();
        config_.secrets_[variable_name] = {Secret::from_configuration(found->value), from_dotenv};
    }
}

Errors Loader::told() {
    if (errors_.size() > kErrorsMax) {
        const std::size_t more = errors_.size() - (kErrorsMax - 1);
        errors_.resize(kErrorsMax - 1);
        errors_.push_back({ErrorCode::config,
                           fmt::format("and {} errors more", more),
                           {},
                           fmt::format("only the first {} are told", kErrorsMax - 1),
                           "mend those first"});
    }
    for (Error& error : errors_) {
        for (std::string* text : {&error.what, &error.where, &error.why, &error.mend})
            *text = redact(*text);
    }
    return std::move(errors_);
}

tl::expected<Config, Errors> load(const Schema& schema, const Sources& sources) {
    return Loader(schema, sources).run();
}

}  // namespace millrace::config
