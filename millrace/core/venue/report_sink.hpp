// ReportSink: where the venue's answers go. known_at of a report never falls from one to the next;
// a driver hands each to its engine at that time.
#pragma once

#include "millrace/core/model/corporate_action.hpp"
#include "millrace/core/model/order.hpp"
#include "millrace/core/venue/cash_charge.hpp"

namespace millrace::venue {

// A deal is told twice: the Fill, then the Order with its new state. An Order whose status has not
// changed is an answer too:
//   reason none         new terms are in force (after a replace)
//   reason oco_sibling  its quantity was reduced because a sibling dealt
//   reason margin_call  the venue's own order, by which it liquidates
//   reason corporate_action  a split changed its terms; or the venue's own order, that pays for
//                       a fraction
//   another reason      the request (cancel, replace) was refused for that reason
// The venue must not be called from inside these.
class ReportSink {
  public:
    virtual ~ReportSink() = default;
    virtual void on_order(const model::Order& order) = 0;
    virtual void on_fill(const model::Fill& fill) = 0;
    // Dividends, and the charges of a venue with a credit desk.
    virtual void on_cash(const CashCharge& /*charge*/) {}
    // Before all that follows from it.
    virtual void on_action(const model::CorporateAction& /*action*/) {}
};

}  // namespace millrace::venue
