#include "millrace/app/remote/remote.hpp"

#include <gtest/gtest.h>

#include "millrace/app/settings.hpp"

#include "tests/support/fake_orders.hpp"

namespace millrace::remote {
namespace {

config::Config settings_with(std::map<std::string, std::string> environment) {
    config::Sources sources;
    sources.default_file = "no-such-file.toml";
    sources.dotenv = "no-such-file.env";
    sources.environment = std::move(environment);
    return config::load(app::settings(), sources).value();
}

Result<Remote> remote_at(const config::Config& config, std::string_view url = {}) {
    auto instance = find_instance(config, url);
    if (!instance) return failure(std::move(instance.error()));
    return Remote::open(std::move(*instance), {.timeout = Duration::seconds(5), .environment = {}});
}

Ask intent(std::string body, std::string key) {
    return {.method = net::Method::post,
            .path = "/api/v1/orderintents",
            .body = std::move(body),
            .idempotency_key = std::move(key)};
}

TEST(Remote, Finds_the_instance_and_its_token_in_the_data_directory) {
    const FakeOrders fake;
    const auto config = settings_with({{"MILLRACE_DATA_DIR", fake.data_dir()}});
    auto remote = remote_at(config);
    ASSERT_TRUE(remote) << describe(remote.error());
    EXPECT_EQ(remote->instance().address(), fake.url());
    EXPECT_EQ(remote->instance().found_by, fake.data_dir() + "/run.json");
    EXPECT_EQ(remote->instance().token_from, fake.data_dir() + "/token");
    const auto reply =
        remote->ask(intent(R"({"symbol":"AAPL","order_type":"LMT","price":"180"})", "k1"));
    ASSERT_TRUE(reply) << describe(reply.error());
    EXPECT_EQ(reply->status, 202);
    EXPECT_EQ(reply->body["id"].text(), "1");
    EXPECT_EQ(fake.seen().at(0).key, "k1");
}

TEST(Remote, Prefers_the_flag_to_the_setting_to_the_run_file) {
    const FakeOrders fake;
    const auto config = settings_with(
        {{"MILLRACE_DATA_DIR", fake.data_dir()}, {"MILLRACE_URL", "http://127.0.0.1:1"}});
    EXPECT_EQ(find_instance(config, "")->address(), "http://127.0.0.1:1");
    EXPECT_EQ(find_instance(config, "")->found_by, "environment MILLRACE_URL");
    EXPECT_EQ(find_instance(config, fake.url() + "/")->address(), fake.url());
    EXPECT_EQ(find_instance(config, "localhost:80").error().code, ErrorCode::usage);
    EXPECT_EQ(find_instance(config, "http://a:b@localhost").error().why,
              "a secret has no place in an address");
}

TEST(Remote, Shows_the_token_of_the_data_directory_to_no_other_machine) {
    const FakeOrders fake;
    const auto config = settings_with({{"MILLRACE_DATA_DIR", fake.data_dir()}});
    EXPECT_FALSE(find_instance(config, "http://127.0.0.1:1")->token.empty());
    EXPECT_TRUE(find_instance(config, "http://desk.example.com")->token.empty());
    const auto chosen = settings_with({{"MILLRACE_TOKEN", "mr1_chosen"}});
    EXPECT_EQ(find_instance(chosen, "http://desk.example.com")->token.reveal(), "mr1_chosen");
}

TEST(Remote, Refuses_a_token_file_that_others_may_read) {
    const FakeOrders fake;
    std::filesystem::permissions(fake.data_dir() + "/token", std::filesystem::perms(0644));
    const auto config = settings_with({{"MILLRACE_DATA_DIR", fake.data_dir()}});
    EXPECT_EQ(find_instance(config, "").error().code, ErrorCode::config);
}

TEST(Remote, Says_that_nothing_runs_and_what_starts_it) {
    const TemporaryDirectory empty;
    const auto nothing = remote_at(settings_with({{"MILLRACE_DATA_DIR", empty.path()}}));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, ErrorCode::not_running);
    EXPECT_NE(nothing.error().mend.find("millrace serve orders"), std::string::npos);

    const FakeOrders left;
    left.write_run_file(4'194'303);  // beyond what this machine's processes are numbered
    const auto gone = find_instance(settings_with({{"MILLRACE_DATA_DIR", left.data_dir()}}), "");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().why, "its process 4194303 is gone");

    FakeOrders stopped;
    auto remote = remote_at(settings_with({{"MILLRACE_DATA_DIR", stopped.data_dir()}}));
    stopped.stop();
    ASSERT_TRUE(remote);
    const auto reply = remote->ask({.path = "/api/v1/intents"});
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::not_running);
    EXPECT_EQ(reply.error().what, "nothing runs at " + stopped.url());
}

TEST(Remote, Turns_problems_into_errors_with_their_exit_codes) {
    const FakeOrders fake;
    auto remote = remote_at(settings_with({{"MILLRACE_DATA_DIR", fake.data_dir()}}));
    ASSERT_TRUE(remote);
    Ask bad = intent(R"({"symbol":"NOPE","order_type":"MKT"})", "k");
    Error error = remote->ask(bad).error();
    EXPECT_EQ(error.code, ErrorCode::usage);
    EXPECT_EQ(error.what, "the symbol is not configured");
    EXPECT_EQ(error.where, "$.symbol");
    EXPECT_EQ(error.why, "the server says 422 invalid-data (request request-1)");
    bad.is_from_file = true;
    EXPECT_EQ(remote->ask(bad).error().code, ErrorCode::data);
    EXPECT_EQ(remote->ask({.path = "/api/v1/orderintents/9"}).error().code, ErrorCode::usage);
    EXPECT_EQ(remote->ask({.path = "/broken"}).error().what,
              "the answer (status 200) is not one of Millrace's");
    EXPECT_EQ(remote->ask(intent(R"({"symbol":"BUSY"})", "b")).error().code, ErrorCode::network);

    fake.forget_tokens();
    auto stranger = remote_at(settings_with({{"MILLRACE_DATA_DIR", fake.data_dir()}}));
    ASSERT_TRUE(stranger);
    error = stranger->ask(intent("{}", "k")).error();
    EXPECT_EQ(error.code, ErrorCode::config);
    EXPECT_NE((error.what + error.mend).find("token"), std::string::npos) << describe(error);
}

TEST(Remote, Hands_out_statuses_that_the_caller_understands) {
    const FakeOrders fake;
    auto remote = remote_at(settings_with({{"MILLRACE_DATA_DIR", fake.data_dir()}}));
    ASSERT_TRUE(remote);
    const Ask ask = intent(R"({"symbol":"AAPL","order_type":"MKT"})", "k");
    EXPECT_EQ(remote->ask(ask)->status, 202);
    const auto again = remote->ask(ask, {409});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, 409);
    EXPECT_EQ(again->body["id"].text(), "1");
    EXPECT_EQ(remote->ask(ask).error().code, ErrorCode::data);
}

TEST(Remote, Cuts_an_array_into_its_elements_as_they_stand) {
    using Texts = std::vector<std::string_view>;
    EXPECT_EQ(elements_of("[]"), Texts());
    EXPECT_EQ(elements_of(R"([{"a":"x,]\"}","b":[1, 2]}, 12.50 ,"],"])"),
              (Texts{R"({"a":"x,]\"}","b":[1, 2]})", "12.50", R"("],")"}));
}

}  // namespace
}  // namespace millrace::remote
