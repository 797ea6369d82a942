/* Figures of closed trades. */
#include "base/fp.h"
#include "stat/perf.h"

typedef struct trades_sum {
    double n, wins, losses, zeros;
    double gain, loss, sum;         /* of what the conventions say: cash or returns */
    double cash, cash_gain, cash_loss, best, worst;
    double least, most;             /* of cash */
    double win_run, loss_run;
} trades_sum;

static int trades_known(const kl_closed_trades *t, const kl_perf_conventions *c, size_t i) {
    return kl__known(t->pnl[i]) && (c->trade_pnl != KL_PNL_RETURN || kl__known(t->ret[i]));
}

static void trades_add(const kl_closed_trades *t, const kl_perf_conventions *c, trades_sum *s) {
    double wins = 0, losses = 0;
    s->best = s->most = -(double)INFINITY, s->worst = s->least = (double)INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        if (!trades_known(t, c, i)) continue;
        double cash = t->pnl[i], x = c->trade_pnl == KL_PNL_RETURN ? t->ret[i] : cash;
        int lost = cash < 0 || (cash == 0 && c->zero == KL_ZERO_LOSES);
        s->n += 1, s->wins += cash > 0, s->losses += lost, s->zeros += cash == 0;
        s->sum += x, s->cash += cash;
        s->gain += x > 0 ? x : 0, s->loss += x < 0 ? x : 0;
        s->cash_gain += cash > 0 ? cash : 0, s->cash_loss += cash < 0 ? cash : 0;
        s->best = x > s->best ? x : s->best, s->worst = x < s->worst ? x : s->worst;
        s->most = cash > s->most ? cash : s->most, s->least = cash < s->least ? cash : s->least;
        wins = cash > 0 ? wins + 1 : 0;
        losses = lost ? losses + 1 : 0;
        s->win_run = wins > s->win_run ? wins : s->win_run;
        s->loss_run = losses > s->loss_run ? losses : s->loss_run;
    }
}

/* x/0 is what the conventions allow at most. */
static void trades_put(kl_perf *perf, const kl_perf_conventions *c, int32_t figure, double value) {
    kl__perf_put(perf, figure, value);
    if (perf->state[figure] == KL_PERF_INFINITE && c->cap > 0) perf->value[figure] = value > 0 ? c->cap : -c->cap;
}

static void trades_rates(kl_perf *perf, const kl_perf_conventions *c, const trades_sum *s) {
    double counted = c->zero == KL_ZERO_DROPPED ? s->n - s->zeros : s->n, lost = s->zeros * (c->zero == KL_ZERO_LOSES);
    double rate = s->wins / counted, losers = s->losses - lost;
    double win = s->gain / s->wins, loss = s->loss / losers, payoff = win / -loss, cash_payoff = s->cash_gain / s->wins / (-s->cash_loss / losers);
    kl__perf_put(perf, KL_PERF_TRADES, s->n);
    kl__perf_put(perf, KL_PERF_WINS, s->wins);
    kl__perf_put(perf, KL_PERF_LOSSES, s->losses);
    kl__perf_put(perf, KL_PERF_ZEROS, s->zeros);
    kl__perf_put(perf, KL_PERF_WIN_RATE, rate);
    kl__perf_put(perf, KL_PERF_EXPECTANCY, s->sum / counted);
    kl__perf_put(perf, KL_PERF_EXPECTANCY_RATIO, (1 + payoff) * rate - 1);
    trades_put(perf, c, KL_PERF_PROFIT_FACTOR, kl__perf_ratio(s->gain, -s->loss));
    kl__perf_put(perf, KL_PERF_PAYOFF, payoff);
    kl__perf_put(perf, KL_PERF_KELLY, rate - (1 - rate) / cash_payoff);
    kl__perf_put(perf, KL_PERF_BEST, s->n > 0 ? s->best : (double)NAN);
    kl__perf_put(perf, KL_PERF_WORST, s->n > 0 ? s->worst : (double)NAN);
    kl__perf_put(perf, KL_PERF_AVG_WIN, win);
    kl__perf_put(perf, KL_PERF_AVG_LOSS, loss);
    kl__perf_put(perf, KL_PERF_WIN_STREAK, s->win_run);
    kl__perf_put(perf, KL_PERF_LOSS_STREAK, s->loss_run);
    kl__perf_put(perf, KL_PERF_NET, s->cash);
}

static void trades_returns(kl_perf *perf, const kl_closed_trades *t, const kl_perf_conventions *c) {
    double n = 0, sum = 0, logs = 0;
    int wiped = 0;
    for (size_t i = 0; t->ret && i < t->n; i++) {
        if (!kl__known(t->ret[i])) continue;
        n += 1, sum += t->ret[i];
        if (!(t->ret[i] > -1)) wiped = 1;
        else if (c->numerator == KL_NUMERATOR_GEOMETRIC) logs += kl__return_log(1, 1 + t->ret[i]);
    }
    if (!t->ret) return;
    if (c->numerator == KL_NUMERATOR_GEOMETRIC) kl__perf_put(perf, KL_PERF_AVG_RETURN, wiped ? -1 : kl_exp(logs / n) - 1);
    else kl__perf_put(perf, KL_PERF_AVG_RETURN, sum / n);
}

/* Times, fees, the best and worst points within trades. */
static void trades_columns(kl_perf *perf, const kl_closed_trades *t) {
    double n = 0, time = 0, longest = 0, fees = 0, mae = 0, mfe = 0, balance = 0, top = 0, deepest = 0, given = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!kl__known(t->pnl[i])) continue;
        n += 1;
        if (t->fee && kl__known(t->fee[i])) fees += t->fee[i];
        if (t->entry_us && t->exit_us) {
            double seconds = (double)(t->exit_us[i] - t->entry_us[i]) / 1e6;
            time += seconds;
            longest = seconds > longest ? seconds : longest;
        }
        if (t->mae) mae += t->mae[i];
        if (t->mfe) {
            mfe += t->mfe[i];
            given = t->mfe[i] - t->pnl[i] > given ? t->mfe[i] - t->pnl[i] : given;
        }
        if (t->mae && t->mfe) { /* the best point comes before the worst one: the deepest that it can have been */
            top = balance + t->mfe[i] > top ? balance + t->mfe[i] : top;
            deepest = balance + t->mae[i] - top < deepest ? balance + t->mae[i] - top : deepest;
        }
        balance += t->pnl[i];
    }
    if (t->entry_us && t->exit_us) kl__perf_put(perf, KL_PERF_AVG_TIME, time / n);
    if (t->entry_us && t->exit_us) kl__perf_put(perf, KL_PERF_MAX_TIME, longest);
    if (t->fee) kl__perf_put(perf, KL_PERF_FEES, fees);
    if (t->mae) kl__perf_put(perf, KL_PERF_AVG_MAE, mae / n);
    if (t->mfe) kl__perf_put(perf, KL_PERF_AVG_MFE, mfe / n);
    if (t->mfe) kl__perf_put(perf, KL_PERF_END_DRAWDOWN, given);
    if (t->mae && t->mfe) kl__perf_put(perf, KL_PERF_INTRA_DRAWDOWN, deepest);
}

/* The balance after each trade, or after each instant at which trades closed. */
static void trades_balance(kl_perf *perf, const kl_closed_trades *t, const kl_perf_conventions *c) {
    double balance = c->start_balance, peak = c->base_first ? balance : -(double)INFINITY, deepest = 0, ratio = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (kl__known(t->pnl[i])) balance += t->pnl[i];
        if (c->group_times && t->exit_us && i + 1 < t->n && t->exit_us[i + 1] == t->exit_us[i]) continue;
        peak = balance > peak ? balance : peak;
        deepest = balance - peak < deepest ? balance - peak : deepest;
        double part = (balance - peak) / peak;
        if (peak > 0 && part < ratio) ratio = part;
    }
    kl__perf_put(perf, KL_PERF_CLOSED_DRAWDOWN, deepest);
    kl__perf_put(perf, KL_PERF_CLOSED_DRAWDOWN_RATIO, t->n > 0 && peak > 0 ? ratio : (double)NAN);
}

/* Root of mean squares about `mean` of trades, or of the losing ones alone. */
static double trades_deviation(const kl_closed_trades *t, double mean, int losers, double count, int32_t ddof) {
    double squares = 0;
    if (!(count > ddof)) return (double)NAN;
    for (size_t i = 0; i < t->n; i++)
        if (kl__known(t->pnl[i]) && !(losers && !(t->pnl[i] < 0))) squares += (t->pnl[i] - mean) * (t->pnl[i] - mean);
    return kl__sqrt(squares / (count - ddof));
}

static void trades_ratios(kl_perf *perf, const kl_closed_trades *t, const kl_perf_conventions *c, const trades_sum *s) {
    double mean = s->cash / s->n, lost = s->losses - s->zeros * (c->zero == KL_ZERO_LOSES);
    double spread = s->least == s->most ? 0 : trades_deviation(t, mean, 0, s->n, c->trade_ddof), count = s->n;
    double down = c->downside == KL_DOWNSIDE_LOSERS ? trades_deviation(t, s->cash_loss / lost, 1, lost, c->downside_ddof)
                                                    : trades_deviation(t, 0, 1, s->n, 0);
    if (c->sqn_cap > 0 && count > c->sqn_cap) count = c->sqn_cap;
    if (s->n <= c->trade_ddof) {
        static const int32_t figures[] = {KL_PERF_SQN, KL_PERF_TRADE_SHARPE, KL_PERF_TRADE_SORTINO};
        for (size_t k = 0; k < 3; k++) kl__perf_none(perf, figures[k], KL_PERF_TOO_FEW);
    } else {
        kl__perf_put(perf, KL_PERF_SQN, kl__perf_ratio(kl__sqrt(count) * mean, spread));
        kl__perf_put(perf, KL_PERF_TRADE_SHARPE, kl__perf_ratio(mean, spread));
        kl__perf_put(perf, KL_PERF_TRADE_SORTINO, kl__perf_ratio(mean, down));
    }
    if (c->numerator != KL_NUMERATOR_SUM_PER_DAY) {
        trades_put(perf, c, KL_PERF_TRADE_CALMAR, kl__perf_ratio(s->cash, -perf->value[KL_PERF_CLOSED_DRAWDOWN]));
        return;
    }
    kl_time first = INT64_MAX, last = INT64_MIN; /* of both columns, which kl_perf_trades has seen to */
    for (size_t i = 0; i < t->n; i++) {
        first = t->entry_us[i] < first ? t->entry_us[i] : first;
        last = t->exit_us[i] > last ? t->exit_us[i] : last;
    }
    double days = t->n > 0 ? floor((double)(last - first) / (double)KL__DAY_US) : 1, year = kl__sqrt(c->year_days);
    double each = c->start_balance > 0 ? s->cash / c->start_balance / (days > 1 ? days : 1) : (double)NAN;
    kl__perf_put(perf, KL_PERF_TRADE_SHARPE, kl__perf_ratio(each, spread / c->start_balance) * year);
    kl__perf_put(perf, KL_PERF_TRADE_SORTINO, kl__perf_ratio(each, down / c->start_balance) * year);
    kl__perf_put(perf, KL_PERF_TRADE_CALMAR, kl__perf_ratio(each * 100, -perf->value[KL_PERF_CLOSED_DRAWDOWN_RATIO]) * year);
}

kl_status kl_perf_trades(const kl_closed_trades *trades, const kl_perf_conventions *conventions, kl_perf *perf) {
    kl_perf_conventions c;
    trades_sum s = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    if (!trades || !perf || (!trades->pnl && trades->n > 0)) return KL_E_ARG;
    if (!conventions && perf->conventions.struct_size == sizeof c) conventions = &perf->conventions;
    if (!kl__perf_conventions_copy(&c, conventions)) return KL_E_ARG;
    if (trades->n > 0 && c.trade_pnl == KL_PNL_RETURN && !trades->ret) return KL_E_COLUMNS;
    if (c.numerator == KL_NUMERATOR_SUM_PER_DAY && trades->n > 0 && (!trades->entry_us || !trades->exit_us)) return KL_E_COLUMNS;
    for (size_t i = 1; trades->exit_us && i < trades->n; i++)
        if (trades->exit_us[i] < trades->exit_us[i - 1]) return KL_E_ORDER;
    if (perf->conventions.struct_size == 0) perf->conventions = c;
    trades_add(trades, &c, &s);
    trades_rates(perf, &c, &s);
    trades_returns(perf, trades, &c);
    trades_columns(perf, trades);
    trades_balance(perf, trades, &c);
    trades_ratios(perf, trades, &c, &s);
    return KL_OK;
}
