/* Symbols: base and quote. */
#include "kline/data.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void split(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"FTMBNB", "FTM", "BNB"},       {"MATICUSDT", "MATIC", "USDT"},  {"BTCFDUSD", "BTC", "FDUSD"},
        {"XRPETH", "XRP", "ETH"},       {"ADABTC", "ADA", "BTC"},        {"BTC-USD", "BTC", "USD"},
        {"BTC/USDT", "BTC", "USDT"},    {"ETHBTC", "ETH", "BTC"},        {"BNBBUSD", "BNB", "BUSD"},
        {"USDTTRY", "USDT", "TRY"},     {"BTC_USDT", "BTC", "USDT"},     {"BTCTUSD", "BTC", "TUSD"},
        {"BTCUSDP", "BTC", "USDP"},     {"USDCUSDT", "USDC", "USDT"},    {"EURUSDT", "EUR", "USDT"},
        {"BTCEUR", "BTC", "EUR"},       {"BTCGBP", "BTC", "GBP"},        {"BTCBRL", "BTC", "BRL"},
        {"BTCAUD", "BTC", "AUD"},       {"BTCRUB", "BTC", "RUB"},        {"BTCUAH", "BTC", "UAH"},
        {"BTCNGN", "BTC", "NGN"},       {"USDTIDR", "USDT", "IDR"},      {"BTCBIDR", "BTC", "BIDR"},
        {"USDTBVND", "USDT", "BVND"},   {"BTCJPY", "BTC", "JPY"},        {"XBTUSD", "XBT", "USD"},
        {"ETHXBT", "ETH", "XBT"},       {"BTTTRX", "BTT", "TRX"},        {"TRXXRP", "TRX", "XRP"},
        {"SHIBDOGE", "SHIB", "DOGE"},   {"BTCDAI", "BTC", "DAI"},        {"BTCUSDC", "BTC", "USDC"},
        {"1000SHIBUSDT", "1000SHIB", "USDT"}, {"btcusdt", "btc", "usdt"}, {"ethbtc", "eth", "btc"},
        {"BTC-USDT-SWAP", "BTC", "USDT"}, {"BTC/USDT:USDT", "BTC", "USDT"}, {"BTCUSD_PERP", "BTC", "USD"},
        {"ETHUSDT_240628", "ETH", "USDT"}, {"BTC:EUR", "BTC", "EUR"},    {"BTC-WHATEVER", "BTC", "WHATEVER"},
        {"BNBUSD", "BNB", "USD"},       {"DOTUSD", "DOT", "USD"},        {"USDTUSD", "USDT", "USD"},
        {"AGIXTUSD", "AGIX", "TUSD"},   {"OMBUSD", "OM", "BUSD"},        {"TUSDUSDT", "TUSD", "USDT"},
        {"BTC-PERP", NULL, NULL},       {"USDT", NULL, NULL},            {"", NULL, NULL},
        {"BTC", NULL, NULL},            {"-USDT", NULL, NULL},           {"BTC-", NULL, NULL},
        {"BTC USDT", NULL, NULL},       {"ABCXYZ", NULL, NULL},          {"BTC\tUSDT", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char base[KL_SYMBOL_MAX] = "?", quote[KL_SYMBOL_MAX] = "?";
        kl_status status = kl_symbol_split(rows[i][0], base, quote);
        if (!rows[i][1]) {
            assert_int_equal(status, KL_E_SYMBOL);
            assert_string_equal(base, "?");
            assert_string_equal(quote, "?");
            continue;
        }
        if (status != KL_OK) fail_msg("%s", rows[i][0]);
        assert_string_equal(base, rows[i][1]);
        assert_string_equal(quote, rows[i][2]);
    }
    char base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX], text[64];
    memset(text, 'A', sizeof text);
    memcpy(text + KL_SYMBOL_MAX - 1 - 4, "USDT", 5);
    assert_int_equal(kl_symbol_split(text, base, quote), KL_OK);
    assert_int_equal(strlen(base), KL_SYMBOL_MAX - 5);
    memset(text, 'A', sizeof text);
    memcpy(text + KL_SYMBOL_MAX - 4, "USDT", 5);
    assert_int_equal(kl_symbol_split(text, base, quote), KL_E_SYMBOL);
}

static void bug_0h__the_quote_need_not_be_usdt(void **state) {
    (void)state;
    char base[KL_SYMBOL_MAX], quote[KL_SYMBOL_MAX];
    assert_int_equal(kl_symbol_split("FTMBNB", base, quote), KL_OK);
    assert_string_equal(base, "FTM");
    assert_string_equal(quote, "BNB");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(split), cmocka_unit_test(bug_0h__the_quote_need_not_be_usdt)};
    return cmocka_run_group_tests_name("data symbol", tests, NULL, NULL);
}
