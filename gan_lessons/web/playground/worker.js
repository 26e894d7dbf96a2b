// The worker: trains in short bursts, keeps snapshots, answers the page. One run lives in it.

const MEASURE_MS = 250, SLOW_MS = 1300, MOST_SNAPSHOTS = 240;

/** @type {GAN} */ let gan; // the run
/** @type {Meter} */ let meter;
/** @type {Views} */ let views;
/** @type {ReturnType<GAN["save"]>[]} */ let snapshots = [];
/** @type {Frame["log"]} */ let log = [];
/** @type {Frame["now"]} */ let now = []; // the measurement of what is shown; log's last row, but after a rewind
let turn = 0; // counts the runs begun, so that the page knows which one a message is about
let every = 20; // steps between snapshots; doubles when they become too many

/** What the page asked for. `limit`: no step beyond this one, so that two runs stay together. */
const wish = { pace: 300, slow: false, frameMs: 33, limit: Infinity, show: /** @type {Record<string, boolean>} */ ({}) };
let playing = false, due = 0, last = 0, frameAt = 0, measureAt = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;

/** @param {Settings} settings */
function begin(settings) {
  gan = new GAN(settings);
  meter = new Meter(gan);
  views = new Views(gan);
  snapshots = []; log = []; every = 20; due = 0;
  keep();
  measure();
}

function keep() {
  snapshots.push(gan.save());
  if (snapshots.length <= MOST_SNAPSHOTS) return;
  snapshots = snapshots.filter((_, i) => i % 2 === 0);
  every *= 2;
}

/**
 * The last snapshot that is not after a step.
 * @param {number} step
 */
const markAt = (step) => snapshots.filter((s) => s.step <= step).length - 1;

/** @returns {Frame["now"]} */
function row() {
  const m = meter.measure();
  return [gan.step, gan.lossD, gan.lossG, m.modes, m.of, m.distance, m.floor];
}

function measure() {
  if (gan.broken) return; // there is nothing left to measure
  now = row();
  log.push(now);
  if (log.length > 800) log = log.filter((_, i) => i % 2 === 0 || i > 700);
  measureAt = performance.now();
}

/**
 * Tell the page what there is to see.
 * @param {string} phase @param {string} look see Phase
 */
function frame(phase = "", look = "") {
  const { show } = wish, fakes = views.fakes();
  /** @type {Frame} */
  const message = {
    type: "frame", turn, running: playing, step: gan.step, phase, look, kind: gan.heap.kind, lossD: gan.lossD, lossG: gan.lossG,
    real: views.reals(), fakes, log, now,
    field: show.landscape || look === "landscape" ? views.landscape() : null,
    best: show.optimum ? views.optimum(fakes) : null,
    warp: show.warp ? views.warp() : null,
    arrows: show.arrows || look === "arrows" ? views.arrows() : null,
    marks: snapshots.map((s) => s.step), mark: markAt(gan.step),
  };
  const arrays = [message.real, message.fakes, message.field, message.best, message.warp, message.arrows];
  postMessage(message, arrays.flatMap((a) => (a ? [a.buffer] : [])));
  frameAt = performance.now();
}

/** Snapshots after now belong to a future that was rewound. */
function forget() {
  snapshots = snapshots.filter((s) => s.step <= gan.step);
  log = log.filter(([step]) => Number(step) <= gan.step);
}

/** @returns {boolean} false when the numbers ran away */
function fine() {
  if (!gan.broken) return true;
  stop();
  postMessage({ type: "broken", turn, step: gan.step });
  return false;
}

function one() {
  gan.trainStep();
  if (gan.step % every === 0 && !gan.broken) keep();
  return fine();
}

function burst() {
  const start = performance.now();
  if (wish.slow) {
    const { name, look } = gan.phase();
    frame(`${(gan.next || gan.phases.length)} of ${gan.phases.length}: ${name}`, look);
    if (gan.next === 0) measure();
    if (fine()) again(SLOW_MS);
    return;
  }
  due = Math.min(due + (wish.pace * (start - last)) / 1000, wish.pace);
  last = start;
  while (due >= 1 && gan.step < wish.limit && performance.now() - start < 20) {
    if (!one()) return frame();
    due--;
  }
  if (start - measureAt > MEASURE_MS) measure();
  if (start - frameAt > wish.frameMs) frame();
  again(wish.pace > 1000 ? 0 : 8);
}

/** @param {number} ms */
function again(ms) { clearTimeout(timer); if (playing) timer = setTimeout(burst, ms); }
function stop() { playing = false; clearTimeout(timer); }

/** @type {Record<string, (m: any) => void>} */
const orders = {
  begin(m) { stop(); turn = m.turn; begin(m.settings); frame(); },
  options(m) { Object.assign(wish, m.options); if (gan && !playing) frame(); },
  limit(m) { wish.limit = m.step; },
  play() { forget(); playing = true; last = performance.now(); again(0); },
  /** Stop, and catch up with another run that is further. */
  pause(m) { stop(); while (gan.step < (m.step || 0) && one()); measure(); frame(); },
  stepD() { stop(); forget(); gan.stepD(); if (fine()) measure(); frame("", "landscape"); },
  stepG() { stop(); forget(); gan.stepG(); if (fine()) measure(); frame("", "arrows"); },
  scrub(m) { stop(); gan.restore(snapshots[Math.max(0, markAt(m.step))]); now = row(); frame(); },
  /** Train and nothing else: steps a second. */
  bench(m) {
    stop();
    const other = new GAN(m.settings, m.kind);
    for (let i = 0; i < 200; i++) other.trainStep();
    const start = performance.now();
    for (let i = 0; i < m.steps; i++) other.trainStep();
    postMessage({ type: "bench", kind: other.heap.kind, rate: (1000 * m.steps) / (performance.now() - start) });
  },
};

onmessage = ({ data }) => {
  try { orders[data.order](data); } catch (error) {
    stop();
    postMessage({ type: "failed", text: error instanceof Error ? error.message : String(error) });
  }
};
