// The answer and the headers it carries.
#include "millrace/edge/net/api/responder.hpp"

#include "millrace/base/assert.hpp"

namespace millrace::net {

Responder::Responder(std::shared_ptr<AnswerSink> sink, std::uint64_t connection,
                     std::uint64_t number, std::string request_id, std::string instance)
    : sink_(std::move(sink)),
      connection_(connection),
      number_(number),
      request_id_(std::move(request_id)),
      instance_(std::move(instance)) {}

Responder::~Responder() {
    if (!sink_) return;
    Problem problem;
    problem.code = "unanswered";
    problem.detail = "the request was taken and not answered";
    problem.mend = "look for the request id in the log";
    fail(std::move(problem));
}

void Responder::respond(Response response) {
    MILLRACE_ASSERT(sink_ != nullptr, "a request is answered once");
    for (std::size_t i = 0; i < headers_.size(); ++i) {
        const auto [name, value] = headers_[i];
        if (response.headers.count(name) == 0) response.headers.add(name, value);
    }
    const auto sink = std::move(sink_);
    if (observer_) observer_(response.status);
    sink->answer(connection_, number_, std::move(response));
}

void Responder::fail(Problem problem) {
    if (problem.instance.empty()) problem.instance = instance_;
    respond(to_response(problem, request_id_));
}

}  // namespace millrace::net
