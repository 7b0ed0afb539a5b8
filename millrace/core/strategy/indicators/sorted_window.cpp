// The tree: all paths are walked down recursively and counted up on the way back.
#include "millrace/core/strategy/indicators/sorted_window.hpp"

#include <cmath>

namespace millrace::indicators {
namespace {

// Twice the logarithm of 100,000 is 34; priorities are chance to the numbers, so ten times that is
// never met but by a fault of ours.
constexpr int kDepthMax = 340;

// Fixed, and without pattern (the finaliser of splitmix64).
std::uint64_t priority_of(std::uint32_t place) {
    std::uint64_t word = (std::uint64_t{place} + 1) * 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    return word ^ (word >> 31);
}

void limit(int depth) {
    MILLRACE_ASSERT(depth < kDepthMax, "the tree of a window is too deep");
}

}  // namespace

SortedWindow::SortedWindow(std::int64_t length)
    : window_(length), nodes_(static_cast<std::size_t>(length)) {}

bool SortedWindow::precedes(Place a, Place b) const {
    const double first = window_.at_place(a);
    const double second = window_.at_place(b);
    return first < second || (first == second && a < b);
}

std::uint32_t SortedWindow::count_of(Place place) const {
    return place == kNone ? 0 : nodes_[place].count;
}

DoubleDouble SortedWindow::sum_of(Place place) const {
    return place == kNone ? DoubleDouble{} : nodes_[place].sum;
}

void SortedWindow::count_up(Place place) {
    Node& node = nodes_[place];
    node.count = count_of(node.left) + 1 + count_of(node.right);
    node.sum = sum_of(node.left) + DoubleDouble{window_.at_place(place), 0} + sum_of(node.right);
}

SortedWindow::Halves SortedWindow::split(Place tree, Place around, int depth) {
    limit(depth);
    if (tree == kNone) return {kNone, kNone};
    Halves halves{};
    if (precedes(tree, around)) {
        halves = split(nodes_[tree].right, around, depth + 1);
        nodes_[tree].right = halves.left;
        halves.left = tree;
    } else {
        halves = split(nodes_[tree].left, around, depth + 1);
        nodes_[tree].left = halves.right;
        halves.right = tree;
    }
    count_up(tree);
    return halves;
}

SortedWindow::Place SortedWindow::join(Place left, Place right, int depth) {
    limit(depth);
    if (left == kNone) return right;
    if (right == kNone) return left;
    const bool left_leads = priority_of(left) > priority_of(right);
    if (left_leads)
        nodes_[left].right = join(nodes_[left].right, right, depth + 1);
    else
        nodes_[right].left = join(left, nodes_[right].left, depth + 1);
    const Place top = left_leads ? left : right;
    count_up(top);
    return top;
}

SortedWindow::Place SortedWindow::insert(Place tree, Place place, int depth) {
    limit(depth);
    if (tree == kNone || priority_of(place) > priority_of(tree)) {
        const Halves halves = split(tree, place, depth);
        nodes_[place].left = halves.left;
        nodes_[place].right = halves.right;
        count_up(place);
        return place;
    }
    Place& child = precedes(place, tree) ? nodes_[tree].left : nodes_[tree].right;
    child = insert(child, place, depth + 1);
    count_up(tree);
    return tree;
}

SortedWindow::Place SortedWindow::erase(Place tree, Place place, int depth) {
    limit(depth);
    MILLRACE_ASSERT(tree != kNone, "a number of the window is not in its tree");
    if (tree == place) return join(nodes_[tree].left, nodes_[tree].right, depth);
    Place& child = precedes(place, tree) ? nodes_[tree].left : nodes_[tree].right;
    child = erase(child, place, depth + 1);
    count_up(tree);
    return tree;
}

void SortedWindow::update(double value) {
    const auto place = static_cast<Place>(window_.next_place());
    if (window_.is_full()) root_ = erase(root_, place, 0);
    window_.push(value);
    root_ = insert(root_, place, 0);
}

double SortedWindow::at_rank(std::int64_t k) const {
    MILLRACE_ASSERT(k >= 0 && k < size(), "a rank that the window does not have");
    auto rest = static_cast<std::uint32_t>(k);
    Place at = root_;
    while (true) {
        const std::uint32_t lower = count_of(nodes_[at].left);
        if (rest == lower) return window_.at_place(at);
        if (rest < lower) {
            at = nodes_[at].left;
        } else {
            rest -= lower + 1;
            at = nodes_[at].right;
        }
    }
}

double SortedWindow::quantile(double share) const {
    MILLRACE_ASSERT(share >= 0 && share <= 1, "a share is from 0 to 1");
    const double rank = share * static_cast<double>(size() - 1);
    const double whole = std::floor(rank);
    const auto k = static_cast<std::int64_t>(whole);
    const double lower = at_rank(k);
    if (rank == whole) return lower;
    return lower + (at_rank(k + 1) - lower) * (rank - whole);
}

std::int64_t SortedWindow::count_below(double value) const {
    std::int64_t count = 0;
    for (Place at = root_; at != kNone;) {
        const Node& node = nodes_[at];
        if (window_.at_place(at) < value) {
            count += count_of(node.left) + 1;
            at = node.right;
        } else {
            at = node.left;
        }
    }
    return count;
}

double SortedWindow::mean() const {
    return (sum_of(root_) / DoubleDouble{static_cast<double>(size()), 0}).value();
}

double SortedWindow::mean_distance(double value) const {
    DoubleDouble below;
    std::int64_t count = 0;
    for (Place at = root_; at != kNone;) {
        const Node& node = nodes_[at];
        if (window_.at_place(at) < value) {
            count += count_of(node.left) + 1;
            below = below + sum_of(node.left) + DoubleDouble{window_.at_place(at), 0};
            at = node.right;
        } else {
            at = node.left;
        }
    }
    const DoubleDouble above = sum_of(root_) - below;
    // count * value - below, and above - (size - count) * value
    const DoubleDouble distances =
        above - below + two_product(static_cast<double>(2 * count - size()), value);
    return std::max(0.0, distances.value()) / static_cast<double>(size());
}

void SortedWindow::load(engine::StateReader& reader) {
    root_ = kNone;
    window_.load(reader);
    for (std::int64_t place = 0; place < size(); ++place)
        root_ = insert(root_, static_cast<Place>(place), 0);
}

}  // namespace millrace::indicators
