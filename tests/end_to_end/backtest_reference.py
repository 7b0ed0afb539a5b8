"""A second engine, in exact decimals and as plain as can be, for what a backtest must give.

It knows one rule of filling (market orders deal at the open of the next bar) and one strategy
(ema-cross); the averages are doubles, as the strategy's definition says.
"""
import datetime
from decimal import Decimal, getcontext

getcontext().prec = 60
START = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
MINUTE = datetime.timedelta(minutes=1)


def bars(random, count, start=START, price=10_000):
    """(time, open, high, low, close, volume) of a random walk in hundredths."""
    rows, time = [], start
    for _ in range(count):
        opened = max(500, price + random.randint(-5, 5))
        closed = max(500, opened + random.randint(-40, 40))
        rows.append((time, Decimal(opened) / 100,
                     Decimal(max(opened, closed) + random.randint(0, 9)) / 100,
                     Decimal(min(opened, closed) - random.randint(0, 9)) / 100,
                     Decimal(closed) / 100, random.randint(1, 1000)))
        price, time = closed, time + MINUTE
    return rows


def write_csv(path, rows):
    lines = ["timestamp,open,high,low,close,volume"]
    lines += [f"{time:%Y-%m-%d %H:%M:%S},{o},{h},{low},{c},{v}" for time, o, h, low, c, v in rows]
    path.write_text("\n".join(lines) + "\n")


class Average:
    """Seeded with the mean of the first values; then 2 / (n + 1) of the way to each new one."""

    def __init__(self, length):
        self.length, self.seen, self.value = length, 0, 0.0

    def update(self, value):
        if self.seen < self.length:
            self.seen += 1
            self.value += value
            if self.seen == self.length:
                self.value /= self.length
        else:
            self.value += 2 / (self.length + 1) * (value - self.value)

    def is_ready(self):
        return self.seen == self.length


def rounded(amount, decimals=8):
    return amount.quantize(Decimal(1).scaleb(-decimals))  # half to even


def ema_cross(rows, fast, slow, quantity, cash, fee_bps=0, slippage_bps=0, live_after=0):
    """The deals and the money of it: [(time, side, price, fee)], and a dict of amounts."""
    fast_average, slow_average = Average(fast), Average(slow)
    quantity, cash = Decimal(quantity), Decimal(cash)
    deals, pending, position, wanted = [], [], Decimal(0), 0
    realized, fees, entry, trades = Decimal(0), Decimal(0), None, []
    for number, (time, opened, _, _, closed, _) in enumerate(rows):
        for side in pending:
            price = rounded(opened * (1 + side * Decimal(slippage_bps) / 10_000), 9)
            fee = rounded(price * quantity * Decimal(fee_bps) / 10_000)
            if position:
                realized += position * (price - entry)
                trades.append((entry, price))
                position = Decimal(0)
            else:
                position, entry = side * quantity, price
            fees += fee
            deals.append((time, side, price, fee))
        pending = []
        fast_average.update(float(closed))
        slow_average.update(float(closed))
        if not slow_average.is_ready():
            continue
        now_wanted = 1 if fast_average.value > slow_average.value else -1
        if number < live_after or now_wanted == wanted:
            continue
        pending = [now_wanted] * (2 if wanted else 1)
        wanted = now_wanted
    unrealized = position * (rows[-1][4] - entry) if position else Decimal(0)
    return deals, {"initial": cash, "realized": realized, "unrealized": unrealized, "fees": fees,
                   "final": cash + realized + unrealized - fees, "trades": len(trades)}
