// Responder: the one answer to a request, which may be given later and from any thread (after a
// durable commit, for example). One that is dropped without an answer answers 500, so that no
// client waits for ever.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "millrace/base/result.hpp"
#include "millrace/edge/net/http_message.hpp"
#include "millrace/edge/net/problem.hpp"

namespace millrace::net {

// Where answers go; the server implements it. Any thread may call, also after the connection or the
// server has ended: then nothing happens.
class AnswerSink {
  public:
    virtual ~AnswerSink() = default;
    virtual void answer(std::uint64_t connection, std::uint64_t number, Response&& response) = 0;
};

class Responder {
  public:
    Responder(std::shared_ptr<AnswerSink> sink, std::uint64_t connection, std::uint64_t number,
              std::string request_id, std::string instance);
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&&) = delete;
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;
    ~Responder();

    void respond(Response response);
    void json(int status, std::string body) { respond(Response::json(status, std::move(body))); }
    void fail(Problem problem);
    void fail(const Error& error) { fail(problem_of(error)); }

    // A header that the answer will carry, whatever it is, unless it has one of that name.
    void add_header(std::string_view name, std::string_view value) { headers_.add(name, value); }

    // Told the status of the answer, when it is given, on the thread that gives it.
    using Observer = std::function<void(int status)>;
    void observe(Observer observer) { observer_ = std::move(observer); }

    [[nodiscard]] const std::string& request_id() const { return request_id_; }

  private:
    std::shared_ptr<AnswerSink> sink_;  // null once it has answered
    std::uint64_t connection_;
    std::uint64_t number_;
    std::string request_id_;
    std::string instance_;
    Headers headers_;
    Observer observer_;
};

}  // namespace millrace::net
