/* A time grid x symbols: collects the bars of each step and hands them over in rising time. */
#include "base/size.h"
#include "data/civil.h"
#include <string.h>

/* One block of memory: the head, then the slots of pending steps. Step number `index` lives in slot index mod slots, which is
 * unique while pending steps span fewer numbers than there are slots. Offsets instead of pointers: a copy of the bytes is a
 * panel of its own. */
struct kl_panel {
    kl_interval interval;
    kl_panel_sink sink;
    size_t symbols, slots, stride;
    size_t pending;            /* steps with at least one bar */
    int64_t lowest, highest;   /* their first and last number, where there are any */
    int64_t taken;             /* no step up to this number is open any more */
    int32_t started, reserved; /* taken is valid */
    uint64_t late;
};

typedef struct {
    kl_time open;
    size_t present;
} panel_slot; /* then kl_kline rows[symbols], uint8_t present[symbols] */

#define PANEL_HEAD kl__round_up(sizeof(kl_panel), 16)
#define PANEL_SLOT kl__round_up(sizeof(panel_slot), 16)

static int panel_stride(size_t symbols, size_t *stride) {
    size_t bytes;
    if (kl__size_mul(symbols, sizeof(kl_kline) + 1, &bytes) || kl__size_add(bytes, PANEL_SLOT + 15, &bytes)) return 1;
    *stride = bytes & ~(size_t)15;
    return 0;
}

size_t kl_panel_size(size_t symbols, size_t pending_steps) {
    size_t stride, bytes;
    if (symbols == 0 || pending_steps == 0 || panel_stride(symbols, &stride)) return SIZE_MAX;
    if (kl__size_mul(stride, pending_steps, &bytes) || kl__size_add(bytes, PANEL_HEAD, &bytes)) return SIZE_MAX;
    return bytes;
}

static panel_slot *panel_slot_at(const kl_panel *panel, int64_t index) {
    size_t slot = (size_t)kl__floor_mod(index, (int64_t)panel->slots);
    return (panel_slot *)(void *)((unsigned char *)(uintptr_t)panel + PANEL_HEAD + slot * panel->stride);
}
static kl_kline *panel_rows(panel_slot *slot) { return (kl_kline *)(void *)((unsigned char *)slot + PANEL_SLOT); }
static uint8_t *panel_present(const kl_panel *panel, panel_slot *slot) {
    return (uint8_t *)(panel_rows(slot) + panel->symbols);
}

kl_status kl_panel_init(void *memory, size_t bytes, size_t symbols, size_t pending_steps, const kl_interval *interval,
                        const kl_panel_sink *sink, kl_panel **panel) {
    kl_time open;
    if (!memory || !interval || !sink || !sink->step || !panel || symbols == 0 || pending_steps == 0) return KL_E_ARG;
    if ((uintptr_t)memory % 8 != 0) return KL_E_ARG;
    KL__TRY(kl_interval_floor(interval, 0, &open));
    size_t need = kl_panel_size(symbols, pending_steps);
    if (need == SIZE_MAX || bytes < need || pending_steps > INT64_MAX / 2) return KL_E_SIZE;
    kl_panel *made = (kl_panel *)memory;
    memset(memory, 0, need);
    made->interval = *interval;
    made->sink = *sink;
    made->symbols = symbols;
    made->slots = pending_steps;
    panel_stride(symbols, &made->stride);
    *panel = made;
    return KL_OK;
}

/* Hands over the lowest pending step and frees its slot; where the sink refuses, the step stays. */
static kl_status panel_take(kl_panel *panel) {
    panel_slot *slot = panel_slot_at(panel, panel->lowest);
    KL__TRY(panel->sink.step(panel->sink.ctx, slot->open, panel_rows(slot), panel_present(panel, slot), panel->symbols,
                             slot->present < panel->symbols));
    memset(slot, 0, panel->stride);
    panel->taken = panel->lowest;
    panel->started = 1;
    panel->pending--;
    if (panel->pending == 0) return KL_OK;
    do panel->lowest++;
    while (panel_slot_at(panel, panel->lowest)->present == 0);
    return KL_OK;
}

static kl_status panel_take_complete(kl_panel *panel) {
    while (panel->pending > 0 && panel_slot_at(panel, panel->lowest)->present == panel->symbols) KL__TRY(panel_take(panel));
    return KL_OK;
}

/* The slot of a step, opened where it is new; NULL where the pending steps would span too much. */
static panel_slot *panel_open(kl_panel *panel, int64_t index, kl_time open) {
    int64_t low = index, high = index;
    if (panel->pending > 0) {
        low = index < panel->lowest ? index : panel->lowest;
        high = index > panel->highest ? index : panel->highest;
        if ((uint64_t)high - (uint64_t)low >= (uint64_t)panel->slots) return NULL;
    }
    panel_slot *slot = panel_slot_at(panel, index);
    if (slot->present == 0) {
        slot->open = open;
        panel->pending++;
    }
    panel->lowest = low;
    panel->highest = high;
    return slot;
}

kl_status kl_panel_push(kl_panel *panel, size_t symbol, const kl_kline *row, kl_error *error) {
    int64_t index;
    kl_time open;
    if (!panel || !row || symbol >= panel->symbols)
        return kl__fail(error, KL_E_ARG, 2, 0, 0, "a panel, one of its symbols and a row are needed");
    kl_status status = kl_interval_index(&panel->interval, row->open_time_us, &index);
    if (status >= 0) status = kl_interval_open(&panel->interval, index, &open);
    if (status < 0) return kl__fail(error, status, 3, 0, 0, "the row's time lies outside the grid");
    if (open != row->open_time_us) return kl__fail(error, KL_E_INTERVAL, 3, 0, 0, "the row does not open on the panel's grid");
    if (!(row->flags & KL_CLOSED)) return kl__fail(error, KL_E_STATE, 3, 0, 0, "a panel takes closed bars only");
    if (panel->started && index <= panel->taken) {
        panel->late++;
        return KL_KEPT;
    }
    panel_slot *slot = panel_open(panel, index, open);
    if (!slot)
        return kl__fail(error, KL_E_STATE, 0, 0, 0, "the pending steps would span more than the panel holds; seal the oldest first");
    uint8_t *present = panel_present(panel, slot) + symbol;
    kl_kline *place = panel_rows(slot) + symbol;
    if (*present) { /* another version of a bar that waits */
        int32_t rank = kl_kline_rank(row, place);
        if (rank > 0) *place = *row;
        status = rank > 0 ? KL_REPLACED : rank == 0 ? KL_SAME : KL_KEPT;
    } else {
        *place = *row;
        *present = 1;
        slot->present++;
        status = KL_OK;
    }
    kl_status taken = panel_take_complete(panel);
    if (taken < 0) return kl__fail(error, taken, 0, 0, 0, "the sink refused a step, which stays pending");
    return status;
}

kl_status kl_panel_seal(kl_panel *panel, kl_time up_to) {
    int64_t last;
    if (!panel) return KL_E_ARG;
    KL__TRY(kl_interval_index(&panel->interval, up_to, &last));
    while (panel->pending > 0 && panel->lowest <= last) KL__TRY(panel_take(panel));
    if (!panel->started || last > panel->taken) panel->taken = last;
    panel->started = 1;
    return panel_take_complete(panel);
}

uint64_t kl_panel_late(const kl_panel *panel) { return panel ? panel->late : 0; }
