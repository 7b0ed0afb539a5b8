// Serves the sample api until its standard input ends, and prints the port it took and a token:
// sample_server DATA_DIRECTORY [CERTIFICATE KEY]
#include <iostream>

#include "millrace/edge/net/driver/loop.hpp"
#include "millrace/edge/net/server/server.hpp"

#include "tests/net/sample_api.hpp"

using namespace millrace;

int main(int count, char** words) {
    if (count != 2 && count != 4) return 2;
    auto store = net::TokenStore::open(words[1]);
    if (!store) return std::cerr << describe(store.error()) << '\n', 1;
    auto token = store->create("sample", net::Scope::trade, net::Loop::wall_now(), std::nullopt);
    auto verifier = net::TokenVerifier::open(words[1]);
    if (!token || !verifier) return 1;
    net::DoorRules rules;
    rules.origins = {"https://desk.example.com"};
    const net::Doorkeeper doorkeeper(rules, verifier->get(), nullptr);
    net::ServerOptions options;
    options.websocket.message_bytes = 16 * 1024 * 1024;
    if (count == 4) options.tls = net::TlsIdentity{words[2], words[3]};
    options.each_second = [&] { (void)(*verifier)->refresh(); };
    net::Api api({.title = "Sample", .version = "1", .secure = count == 4}, doorkeeper);
    net::SampleApi sample(api);
    auto server = net::Server::start(options, api);
    if (!server) return std::cerr << describe(server.error()) << '\n', 1;
    std::cout << (*server)->port() << ' ' << token->text.reveal() << std::endl;
    std::string line;
    while (std::getline(std::cin, line))
        sample.let_go();
    (*server)->stop(Duration::seconds(5));
    return 0;
}
