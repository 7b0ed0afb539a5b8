// exp, log, pow and the normal distribution with the same bits on every machine: built from
// + − × ÷ √ alone, in a fixed order, because the C library picks variants by processor and their
// last bit differs. Within 1 unit in the last place of the true value (the normal ones within 4).
#pragma once

namespace millrace {

// e^x: infinity above 709.782712893384, 0 below -745.133219101941.
[[nodiscard]] double deterministic_exp(double x);

// The natural logarithm: minus infinity at zero, NaN below.
[[nodiscard]] double deterministic_log(double x);

// log(1 + x), right for tiny x too: minus infinity at -1, NaN below.
[[nodiscard]] double deterministic_log1p(double x);

// x^y, with the special values of the C standard: x^0 is 1, a negative x needs a whole y.
[[nodiscard]] double deterministic_pow(double x, double y);

// The chance that a standard normal draw is at most x.
[[nodiscard]] double normal_cdf(double x);

// The x whose normal_cdf is p: minus infinity at 0, infinity at 1, NaN outside.
[[nodiscard]] double normal_quantile(double p);

}  // namespace millrace
